"""Headers that every response carries, and a stand-in for what no database can store."""

from django.conf import settings


class SecurityHeadersMiddleware:
    """Outermost middleware: also answers produced by other middleware get the policy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.CONTENT_SECURITY_POLICY.items())
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class NullByteMiddleware:
    """PostgreSQL cannot compare text that holds NUL, so no row is named by it.

    It is replaced by another character that names none: the view then refuses in the order it always does.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.path_info = request.path_info.replace("\x00", "\ufffd")
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "%EF%BF%BD").replace("\x00", "%EF%BF%BD")
        return self.get_response(request)
