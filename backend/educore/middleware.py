"""Two small layers around every request: the content security policy, and no NUL bytes."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware(CSPMiddleware):
    """Content-Security-Policy on every response (SEC-02).

    django-csp leaves Django's own debug pages without a policy, and with them every 404 of the API under
    DEBUG; here those get the same policy as everything else.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        response.headers.setdefault(HEADER, build_policy())
        return response


class RefuseNullBytesMiddleware:
    """A NUL byte in the path is a missing page, in the query a bad request (GUARD-03).

    PostgreSQL cannot hold the character, so every lookup with it would end in a 500.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            return JsonResponse({"detail": "Not found."}, status=404)
        if any("\x00" in part for pair in request.GET.lists() for part in (pair[0], *pair[1])):
            return JsonResponse({"detail": "Null characters are not allowed."}, status=400)
        return self.get_response(request)
