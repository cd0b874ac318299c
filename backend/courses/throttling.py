"""Limits on how often a caller may ask. A rate changed in the settings counts from the next request on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.settings import api_settings
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:
    _Base = SimpleRateThrottle
else:
    _Base = object


class LiveRateMixin(_Base):
    """Reads the rate of the scope now; DRF itself reads the rates once, when it is imported."""

    def get_rate(self) -> str | None:
        rates: Mapping[Any, Any] = api_settings.DEFAULT_THROTTLE_RATES
        return rates.get(self.scope)


class AnonymousThrottle(LiveRateMixin, AnonRateThrottle):
    """Scope `anon`: one budget per address, for callers without a token."""


class SignedInThrottle(LiveRateMixin, UserRateThrottle):
    """Scope `user`: one budget per user."""

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        # Without a user DRF would count by address; that is the anonymous budget's business.
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class APIThrottle(LiveRateMixin, UserRateThrottle):
    """Scope `api`: one budget per user, per address without one, for routes that ask for it (URL-01)."""

    scope = "api"


class SensitiveAPIThrottle(LiveRateMixin, UserRateThrottle):
    """Scope `sensitive_api`: one small budget per user for bulk, resource and analytics operations (SEC-05).

    With both set, SENSITIVE_API_THROTTLE_RATE and the scope's rate, the stricter one counts.
    """

    scope = "sensitive_api"

    def get_rate(self) -> str | None:
        rates = [super().get_rate(), getattr(settings, "SENSITIVE_API_THROTTLE_RATE", None)]
        return min(filter(None, rates), key=self._per_second, default=None)

    def _per_second(self, rate: str) -> float:
        requests, seconds = self.parse_rate(rate)
        return (requests or 0) / (seconds or 1)
