"""Limits on what a stranger may try, by address whoever is signed in."""

from courses.throttling import LiveRateMixin
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class AddressRateThrottle(LiveRateMixin, SimpleRateThrottle):
    """One budget per client address."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class LoginRateThrottle(AddressRateThrottle):
    scope = "login"


class RegisterRateThrottle(AddressRateThrottle):
    scope = "register"
