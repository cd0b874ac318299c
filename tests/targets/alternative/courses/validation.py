"""Decides who may read what, and checks payloads before they become rows."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from .access import ACCESS_HIERARCHY, can_user_access_content
from .caching import forget
from .constants import DANGEROUS_CONTENT_PATTERNS, AccessLevel
from .utils.sanitisation import contains_dangerous_content, sanitize_input

ACCESS_LEVEL_CACHE_TIMEOUT = 0
SUBSCRIPTION_CACHE_TIMEOUT = 0
ACCESS_LEVELS = {level: level.title() for level in ACCESS_HIERARCHY}
SUBSCRIPTION_ACCESS_MAPPING = {
    "guest": "guest",
    "free": "registered",
    "basic": "registered",
    "registered": "registered",
    "premium": "premium",
    "enterprise": "premium",
    "trial": "premium",
    "pro": "premium",
    "business": "premium",
}
MAX_TITLE_LENGTH, MAX_CONTENT_LENGTH, MAX_GUEST_CONTENT_LENGTH = 255, 100000, 10000
MIN_DURATION, MAX_DURATION = 1, 10000
DANGEROUS_PATTERNS = DANGEROUS_CONTENT_PATTERNS
COMPILED_DANGEROUS_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in DANGEROUS_PATTERNS]
_TEACHING_ROLES = {"instructor", "administrator", "staff"}


def normalize_user_role(role):
    """Lower-case role name; "admin" is the short spelling of administrator."""
    name = str(getattr(role, "value", role) or "").strip().lower()
    return {"admin": "administrator", "teacher": "instructor", "": "student"}.get(name, name)


def is_subscription_active_safe(subscription):
    """Whether a subscription counts now; an incomplete object counts as inactive."""
    if subscription is None or getattr(subscription, "status", None) != "active":
        return False
    end_date = getattr(subscription, "end_date", None)
    return end_date is None or end_date > timezone.now()


def get_subscription_tier_safe(subscription):
    tier = str(getattr(subscription, "tier", "") or "").strip().lower()
    return tier or "registered"


def _subscription_of(user):
    """Read from the table, never from the instance: the relation cached on a user object may be outdated."""
    from users.models import Subscription

    return Subscription.objects.filter(user_id=user.pk).only("tier", "status", "end_date", "user_id").first()


def get_unified_user_access_level(user, subscription=None):
    """guest, registered or premium. Asked of the database each time, so that no change has to be announced."""
    if user is None or not getattr(user, "is_authenticated", False):
        return "guest"
    if getattr(user, "is_staff", False) or getattr(user, "is_superuser", False):
        return "premium"
    if normalize_user_role(getattr(user, "role", "")) in _TEACHING_ROLES:
        return "premium"
    subscription = subscription if subscription is not None else _subscription_of(user)
    if not is_subscription_active_safe(subscription):
        return "registered"
    return SUBSCRIPTION_ACCESS_MAPPING.get(get_subscription_tier_safe(subscription), "registered")


def clear_user_access_cache(user_id):
    """Levels are not cached here; other processes of an older release may still hold the key."""
    forget(f"access_level:{user_id}")


def get_access_level_display(access_level):
    return dict(AccessLevel.choices).get(access_level, str(access_level).title())


def validate_content_security(content, field_name="content"):
    """The content itself, if nothing in it looks like a program."""
    if contains_dangerous_content(content):
        raise ValidationError({field_name: "The content holds markup that is not allowed."}, code="dangerous_content")
    return content


def validate_instructor_permissions(user):
    """Roles of administration without the flag of staff write no more than a learner does."""
    if not getattr(user, "is_authenticated", False):
        return False
    if user.is_staff or user.is_superuser:
        return True
    return str(getattr(user, "role", "")).lower() in settings.ALLOWED_INSTRUCTOR_ROLES


def validate_author(user):
    """Who teaches some course writes in it, whatever the role; to start one takes `validate_instructor_permissions`."""
    from .visibility import taught_course_ids

    return validate_instructor_permissions(user) or (
        getattr(user, "is_authenticated", False) and taught_course_ids(user).exists()
    )


def _check_title(data, errors, smallest):
    title = str(data.get("title") or "").strip()
    if not smallest <= len(title) <= MAX_TITLE_LENGTH:
        errors["title"] = f"The title must have {smallest} to {MAX_TITLE_LENGTH} characters."


def validate_lesson_data(lesson_data):
    errors = {}
    _check_title(lesson_data, errors, 2)
    for field, limit in (("content", MAX_CONTENT_LENGTH), ("guest_content", MAX_GUEST_CONTENT_LENGTH)):
        text = lesson_data.get(field) or ""
        if len(text) > limit:
            errors[field] = f"At most {limit} characters are allowed."
        elif contains_dangerous_content(text):
            errors[field] = "The content holds markup that is not allowed."
    if lesson_data.get("access_level", "registered") not in AccessLevel.values:
        errors["access_level"] = "Unknown access level."
    duration = lesson_data.get("duration_minutes")
    if duration is not None and not (isinstance(duration, int) and MIN_DURATION <= duration <= MAX_DURATION):
        errors["duration_minutes"] = f"Enter {MIN_DURATION} to {MAX_DURATION} minutes."
    if errors:
        raise ValidationError(errors)
    return lesson_data


def validate_course_data(course_data):
    errors = {}
    _check_title(course_data, errors, 3)
    if contains_dangerous_content(course_data.get("description")):
        errors["description"] = "The description holds markup that is not allowed."
    if errors:
        raise ValidationError(errors)
    return course_data


def validate_enrollment_data(enrollment_data):
    missing = {key: "This field is required." for key in ("user", "course") if not enrollment_data.get(key)}
    if missing:
        raise ValidationError(missing)
    return enrollment_data


__all__ = [
    "ACCESS_LEVELS",
    "SUBSCRIPTION_ACCESS_MAPPING",
    "ACCESS_HIERARCHY",
    "normalize_user_role",
    "get_unified_user_access_level",
    "can_user_access_content",
    "validate_lesson_data",
    "validate_instructor_permissions",
    "validate_course_data",
    "get_access_level_display",
    "validate_enrollment_data",
    "sanitize_input",
    "validate_content_security",
    "clear_user_access_cache",
]
