"""A user's level, by the server alone (policy 1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone
from users.models import CustomUser, Subscription

from courses.access_levels import get_user_access_level
from courses.validation import get_unified_user_access_level

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def make_user(settings: Any) -> Callable[..., CustomUser]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return lambda **values: CustomUser.objects.create_user("anna@example.org", "anna", "x", **values)


@pytest.mark.parametrize(
    ("tier", "status", "end", "level"),
    [
        ("premium", "active", None, "premium"),
        ("premium", "active", HOUR, "premium"),
        ("premium", "active", -HOUR, "registered"),
        ("premium", "active", timedelta(0), "registered"),
        ("premium", "cancelled", HOUR, "registered"),
        ("premium", "pending", HOUR, "registered"),
        ("premium", "expired", HOUR, "registered"),
        ("enterprise", "active", None, "premium"),
        ("pro", "active", None, "premium"),
        ("business", "active", None, "premium"),
        ("trial", "active", None, "premium"),
        ("basic", "active", None, "registered"),
        ("registered", "active", None, "registered"),
        ("guest", "active", None, "registered"),
        ("unheard-of", "active", None, "registered"),
    ],
)
def test_the_level_follows_the_subscription(
    tier: str,
    status: str,
    end: timedelta | None,
    level: str,
    make_user: Callable[..., CustomUser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    user = make_user()
    end_date = None if end is None else now + end
    Subscription.objects.filter(user=user).update(tier=tier, status=status, end_date=end_date)

    assert get_unified_user_access_level(user) == level
    stored = Subscription.objects.get(user=user)
    assert get_unified_user_access_level(CustomUser(role="student"), stored) == level


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({}, "registered"),
        ({"is_staff": True}, "premium"),
        ({"is_superuser": True}, "premium"),
        ({"role": "instructor"}, "premium"),
        ({"role": "admin"}, "premium"),
        ({"role": "staff"}, "premium"),
        ({"role": "student"}, "registered"),
    ],
)
def test_staff_and_teaching_roles_read_as_premium(
    values: dict[str, Any], level: str, make_user: Callable[..., CustomUser]
) -> None:
    assert get_unified_user_access_level(make_user(**values)) == level


def test_strangers_are_guests() -> None:
    request = RequestFactory().get("/")
    assert get_user_access_level(request) == "guest"
    request.user = AnonymousUser()
    assert get_user_access_level(request) == "guest"
    assert get_unified_user_access_level(None) == "guest"


def test_a_user_without_a_subscription_is_registered(make_user: Callable[..., CustomUser]) -> None:
    user = make_user()
    Subscription.objects.filter(user=user).delete()

    assert get_unified_user_access_level(user) == "registered"
