"""Rate limits. The counters have a cache of their own and the rates are read when they are needed."""

from django.conf import settings
from django.core.cache import caches
from rest_framework.exceptions import APIException
from rest_framework.settings import api_settings
from rest_framework.throttling import UserRateThrottle


class CountersUnavailable(APIException):
    status_code = 503
    default_detail = "Please try again later."


class SeparateStorageMixin:
    """Counters in the "throttles" cache; rates from the settings of the moment, not of the import."""

    @property
    def cache(self):
        return caches["throttles" if "throttles" in settings.CACHES else "default"]

    def allow_request(self, request, view):
        """Without counters nobody knows whether the limit is reached: better no answer than one too many."""
        try:
            return super().allow_request(request, view)
        except Exception as error:
            raise CountersUnavailable() from error

    def get_rate(self):
        return api_settings.DEFAULT_THROTTLE_RATES.get(self.scope) or super().get_rate()


class SensitiveAPIThrottle(SeparateStorageMixin, UserRateThrottle):
    """For what is expensive or dangerous; SENSITIVE_API_THROTTLE_RATE is where its rate is set."""

    scope = "sensitive_api"

    def get_rate(self):
        return getattr(settings, "SENSITIVE_API_THROTTLE_RATE", None) or super().get_rate()


class APIThrottle(SeparateStorageMixin, UserRateThrottle):
    scope = "api"
