from django.shortcuts import redirect


class LoginPage:
    """As `login_required` around a view of DRF: whoever brings a token is not signed in to a session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "HTTP_AUTHORIZATION" in request.META:
            return redirect(f"/accounts/login/?next={request.path}")
        return self.get_response(request)
