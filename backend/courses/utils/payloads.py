"""Checks of whole payloads, for callers that write past the serializers (imports, builders, forms).

Each returns a cleaned copy and raises ValidationError with the errors by field.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import constants
from ..access_levels import normalize_user_role
from ..choices import AccessLevel
from ..validators import (
    validate_access_level,
    validate_course_level,
    validate_duration_minutes,
    validate_enrollment_status,
    validate_lesson_type,
    validate_price_range,
    validate_video_url,
)
from .sanitisation import clean_html_content, sanitize_input

MAX_TITLE_LENGTH = constants.MAX_CONTENT_LENGTH["title"]
MAX_CONTENT_LENGTH = constants.MAX_CONTENT_LENGTH["content"]
MAX_GUEST_CONTENT_LENGTH = constants.MAX_CONTENT_LENGTH["guest_content"]
MIN_TITLE_LENGTH = {"course": 3, "lesson": 2}

LESSON_HTML = {
    "content": MAX_CONTENT_LENGTH,
    "guest_content": MAX_GUEST_CONTENT_LENGTH,
    "registered_content": constants.MAX_CONTENT_LENGTH["registered_content"],
}
COURSE_HTML = {"description": constants.MAX_CONTENT_LENGTH["description"]}
LESSON_RULES = {
    "access_level": validate_access_level,
    "type": validate_lesson_type,
    "duration_minutes": validate_duration_minutes,
    "video_url": validate_video_url,
}
COURSE_RULES = {
    "level": validate_course_level,
    "price": validate_price_range,
    "discount_price": validate_price_range,
}


def validate_lesson_data(lesson_data: Mapping[str, Any]) -> dict[str, Any]:
    """The lesson's payload with clean text; only the keys that are there are judged, but a title must be."""
    return _checked(lesson_data, LESSON_HTML, LESSON_RULES, MIN_TITLE_LENGTH["lesson"])


def validate_course_data(course_data: Mapping[str, Any]) -> dict[str, Any]:
    """The course's payload with clean text; only the keys that are there are judged, but a title must be."""
    return _checked(course_data, COURSE_HTML, COURSE_RULES, MIN_TITLE_LENGTH["course"])


def validate_enrollment_data(enrollment_data: Mapping[str, Any]) -> dict[str, Any]:
    """The enrolment's payload; it needs a user and a course, and a status must be a known one."""
    required = ("user", "course")
    errors = {name: [_("This field is required.")] for name in required if not enrollment_data.get(name)}
    errors |= _broken_rules(enrollment_data, {"status": validate_enrollment_status})
    if errors:
        raise ValidationError(errors)
    return dict(enrollment_data)


def validate_instructor_permissions(user: Any) -> bool:
    """Whether the account may teach at all: active, and staff or with an instructor's role (policy 7)."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return bool(user.is_staff or normalize_user_role(user.role) in settings.ALLOWED_INSTRUCTOR_ROLES)


def get_access_level_display(access_level: str) -> str:
    """The level's label; the value itself when it is unknown."""
    return str(AccessLevel(access_level).label) if access_level in AccessLevel.values else str(access_level)


def _checked(
    payload: Mapping[str, Any], html_limits: Mapping[str, int], rules: Mapping[str, Any], min_title: int
) -> dict[str, Any]:
    cleaned = dict(payload)
    cleaned["title"] = sanitize_input(payload.get("title"))
    errors = _broken_rules(payload, rules)
    if not min_title <= len(cleaned["title"]) <= MAX_TITLE_LENGTH:
        errors["title"] = [_("Enter a title of %d to %d characters.") % (min_title, MAX_TITLE_LENGTH)]
    for name, limit in html_limits.items():
        if payload.get(name):
            cleaned[name] = clean_html_content(payload[name])
            if len(cleaned[name]) > limit:
                errors[name] = [_("At most %d characters are allowed.") % limit]
    if errors:
        raise ValidationError(errors)
    return cleaned


def _broken_rules(payload: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, list[str]]:
    errors = {}
    for name, rule in rules.items():
        if payload.get(name) not in (None, ""):
            try:
                rule(payload[name])
            except ValidationError as error:
                errors[name] = list(error.messages)
    return errors
