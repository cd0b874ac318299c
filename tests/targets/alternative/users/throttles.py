"""Throttles of the account endpoints."""

from rest_framework.throttling import AnonRateThrottle

from courses.throttles import SeparateStorageMixin


class RegistrationRateThrottle(SeparateStorageMixin, AnonRateThrottle):
    """Per address, at the rate of anonymous callers."""


class LoginRateThrottle(SeparateStorageMixin, AnonRateThrottle):
    """Per address, also for callers that already hold a token."""

    scope = "login"

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
