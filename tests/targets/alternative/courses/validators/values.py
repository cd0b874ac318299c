"""Validators of single values: numbers, choices, certificate numbers."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..constants import (
    BUSINESS_CONSTRAINTS,
    MAX_RATING,
    MIN_RATING,
    AccessLevel,
    CourseLevel,
    EnrollmentStatus,
    LessonType,
    QuestionType,
    ResourceType,
)

# One shape for every generation of numbers: a prefix in capitals, then groups of capitals and digits.
CERTIFICATE_NUMBER_PATTERN = r"^[A-Z]{2,10}-(?=[A-Z0-9-]*[0-9])[A-Z0-9]+(?:-[A-Z0-9]+)*$"
_CERTIFICATE_NUMBER = re.compile(CERTIFICATE_NUMBER_PATTERN.replace("$", r"\Z"))


def _number(value):
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = None
    if isinstance(value, bool) or number is None or not number.is_finite():
        raise ValidationError(_("Enter a number."), code="invalid")
    return number


def _within(value, low, high, code):
    if not low <= _number(value) <= high:
        raise ValidationError(
            _("Enter a value between %(low)s and %(high)s."), code=code, params={"low": low, "high": high}
        )


def _member(value, enum, code):
    if value not in enum.values:
        raise ValidationError(_("“%(value)s” is not a valid choice."), code=code, params={"value": value})


def validate_price_range(value):
    _within(value, 0, BUSINESS_CONSTRAINTS["max_price"], "invalid_price")


def validate_percentage(value):
    _within(value, 0, 100, "invalid_percentage")


def validate_duration_minutes(value):
    _within(value, 1, 10000, "invalid_duration")


def validate_rating(value):
    _within(value, MIN_RATING, MAX_RATING, "invalid_rating")


def validate_certificate_number(value):
    """Refuse what no generation of the platform ever issued; True otherwise, for callers that ask a question."""
    if not isinstance(value, str) or len(value) > 50 or not _CERTIFICATE_NUMBER.match(value):
        raise ValidationError(_("Invalid certificate number."), code="invalid_certificate_number")
    return True


def validate_course_level(value):
    _member(value, CourseLevel, "invalid_course_level")


def validate_enrollment_status(value):
    _member(value, EnrollmentStatus, "invalid_enrollment_status")


def validate_lesson_type(value):
    _member(value, LessonType, "invalid_lesson_type")


def validate_access_level(value):
    _member(value, AccessLevel, "invalid_access_level")


def validate_resource_type(value):
    _member(value, ResourceType, "invalid_resource_type")


def validate_question_type(value):
    _member(value, QuestionType, "invalid_question_type")
