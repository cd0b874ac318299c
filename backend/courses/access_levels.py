"""A user's access level, decided by the server alone (policy 1): guest, registered or premium.

Only what a committed subscription says is cached. Staff and roles are read from the user row of the request,
so they need no eviction; an entry knows the moment its subscription ends and the generation it was computed
in, so it outlives neither.
"""

import uuid
from datetime import datetime
from typing import Any, TypedDict

from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from .choices import AccessLevel

ACCESS_LEVEL_CACHE_TIMEOUT = 300
GUEST = AccessLevel.GUEST.value
REGISTERED = AccessLevel.REGISTERED.value
PREMIUM = AccessLevel.PREMIUM.value
ACCESS_LEVELS = [GUEST, REGISTERED, PREMIUM]
SUBSCRIPTION_ACCESS_MAPPING = {
    "guest": REGISTERED,
    "registered": REGISTERED,
    "basic": REGISTERED,
    "premium": PREMIUM,
    "enterprise": PREMIUM,
    "pro": PREMIUM,
    "business": PREMIUM,
    "trial": PREMIUM,
}
# Roles that read as premium; they write nothing more than a learner.
PREMIUM_ROLES = frozenset({"instructor", "administrator", "staff"})
ROLE_SYNONYMS = {"admin": "administrator"}


class CachedLevel(TypedDict):
    level: str
    ends: datetime | None
    generation: str | None


def normalize_user_role(role: object) -> str:
    """The role in lower case without blanks, `admin` as `administrator`; empty for anything but text."""
    name = role.strip().lower() if isinstance(role, str) else ""
    return ROLE_SYNONYMS.get(name, name)


def is_subscription_active_safe(subscription: Any) -> bool:
    """Whether the subscription is active now.

    Status active, and an end_date that is empty or still to come.
    """
    if subscription is None or subscription.status != "active":
        return False
    return subscription.end_date is None or subscription.end_date > timezone.now()


def get_subscription_tier_safe(subscription: Any) -> str:
    """The tier in lower case; `registered` without a subscription."""
    tier = getattr(subscription, "tier", None)
    return tier.strip().lower() if isinstance(tier, str) else REGISTERED


def get_unified_user_access_level(user: Any, subscription: Any = None) -> str:
    """guest, registered or premium, by policy 1.

    With `subscription` the decision is made on that row; without, on the user's own, through the cache.
    """
    if user is None or not user.is_authenticated:
        return GUEST
    if user.is_staff or user.is_superuser or normalize_user_role(user.role) in PREMIUM_ROLES:
        return PREMIUM
    if subscription is not None:
        return _level_of(subscription)
    if transaction.get_connection().in_atomic_block:
        # What is seen here may be rolled back.
        return _level_of(_stored_subscription(user))
    return _cached_level(user)


def get_user_access_level(request: Any) -> str:
    """The level of the request's user; guest without a request."""
    return get_unified_user_access_level(getattr(request, "user", None))


def clear_user_access_cache(user_id: int) -> None:
    """Forget the user's level, also the one that a request under way is about to store."""
    cache.delete(_level_key(user_id))
    cache.set(_generation_key(user_id), uuid.uuid4().hex, 2 * ACCESS_LEVEL_CACHE_TIMEOUT)


def _level_key(user_id: int) -> str:
    return f"access_level:{user_id}"


def _generation_key(user_id: int) -> str:
    return f"access_level_generation:{user_id}"


def _level_of(subscription: Any) -> str:
    if not is_subscription_active_safe(subscription):
        return REGISTERED
    return SUBSCRIPTION_ACCESS_MAPPING.get(get_subscription_tier_safe(subscription), REGISTERED)


def _cached_level(user: Any) -> str:
    key, generation_key = _level_key(user.pk), _generation_key(user.pk)
    found = cache.get_many([key, generation_key])
    entry: CachedLevel | None = found.get(key)
    generation = found.get(generation_key)
    now = timezone.now()
    # The previous release kept a plain text under this key.
    is_current = isinstance(entry, dict) and entry["generation"] == generation
    if entry and is_current and (entry["ends"] is None or entry["ends"] > now):
        return entry["level"]

    subscription = _stored_subscription(user)
    level = _level_of(subscription)
    ends = subscription.end_date if level == PREMIUM else None
    timeout = ACCESS_LEVEL_CACHE_TIMEOUT
    if ends is not None:
        timeout = min(timeout, int((ends - now).total_seconds()))
    if timeout > 0:
        cache.set(key, CachedLevel(level=level, ends=ends, generation=generation), timeout)
    return level


def _stored_subscription(user: Any) -> Any:
    """The row as the database has it now; the copy on the user object may be older."""
    return apps.get_model("users", "Subscription").objects.filter(user_id=user.pk).first()
