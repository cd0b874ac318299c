from django.core.exceptions import DisallowedHost


class OnlyOurs:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.META["HTTP_HOST"].endswith(".example.com"):
            raise DisallowedHost("the host is none of ours")
        return self.get_response(request)
