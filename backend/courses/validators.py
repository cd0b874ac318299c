"""Every field validator of the app under one roof (VAL-04).

Each raises ValidationError with a code of its own.
"""

import re
from collections.abc import Sized
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .certificate_numbers import validate_certificate_number
from .choices import (
    AccessLevel,
    CodedTextChoices,
    CourseLevel,
    EnrollmentStatus,
    LessonType,
    QuestionType,
    ResourceType,
)
from .constants import BUSINESS_CONSTRAINTS, MAX_RATING, MIN_RATING
from .file_validators import (
    HAS_PIL,
    ContentTypeValidator,
    FileSizeValidator,
    validate_document_file,
    validate_file_extension,
    validate_image_file,
    validate_video_file,
)
from .video_urls import validate_video_url

MAX_LIST_ITEMS = 50
MIN_DURATION = 1
MAX_DURATION = 7 * 24 * 60


@deconstructible
class MinStrLenValidator(BaseValidator):
    """At least `limit_value` characters, not counting blanks around them; code min_length (VAL-01)."""

    message = ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    )
    code = "min_length"

    def compare(self, a: Any, b: Any) -> bool:
        return bool(a < b)

    def clean(self, x: Any) -> int:
        return len(str(x).strip())


@deconstructible
class JSONListValidator:
    """A list of at most `max_items` texts of at least `min_str_len` characters."""

    def __init__(self, max_items: int = MAX_LIST_ITEMS, min_str_len: int = 1) -> None:
        self.max_items = max_items
        self.min_str_len = min_str_len

    def __call__(self, value: object) -> None:
        if not isinstance(value, list):
            raise ValidationError(_("Enter a list."), code="not_a_list")
        if len(value) > self.max_items:
            message = _("At most %(limit)d items are allowed.")
            raise ValidationError(message, code="too_many_items", params={"limit": self.max_items})
        if not all(isinstance(item, str) and len(item.strip()) >= self.min_str_len for item in value):
            message = _("Every item must be a text of at least %(limit)d characters.")
            raise ValidationError(message, code="invalid_item", params={"limit": self.min_str_len})

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, JSONListValidator)
            and self.max_items == other.max_items
            and self.min_str_len == other.min_str_len
        )

    def __hash__(self) -> int:
        return hash((self.max_items, self.min_str_len))


def validate_json_field(
    value: object, field_name: str, max_items: int = MAX_LIST_ITEMS, min_str_length: int = 1
) -> list[str]:
    """The list of strings without blanks around them.

    ValidationError under `field_name` for anything else.
    """
    try:
        JSONListValidator(max_items, min_str_length)(value)
    except ValidationError as error:
        raise ValidationError({field_name: error}) from None
    return [item.strip() for item in value]  # type: ignore[attr-defined]  # the validator has seen that it is a list


def validator(value: object) -> None:
    """Former general-purpose validator.

    A value must be there, and not be blank text or an empty collection.
    """
    text_or_collection = value.strip() if isinstance(value, str) else value
    if text_or_collection is None or (isinstance(text_or_collection, Sized) and not len(text_or_collection)):
        raise ValidationError(_("This field cannot be blank."), code="blank")


def validate_slug_format(value: str) -> None:
    """Lower-case letters, digits, hyphens and underscores, no hyphen at either end; code invalid_slug."""
    if not re.fullmatch(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?", str(value)):
        raise ValidationError(
            _("Enter a slug of lower-case letters, digits and hyphens."), code="invalid_slug"
        )


def validate_phone_number(value: str) -> None:
    """An optional +, then 7 to 15 digits that may be grouped by blanks, hyphens, dots.

    Code invalid_phone_number.
    """
    text = str(value)
    if not re.fullmatch(r"\+?[0-9 ().-]+", text) or not 7 <= sum(map(str.isdigit, text)) <= 15:
        raise ValidationError(_("Enter a valid phone number."), code="invalid_phone_number")


def _require_number(value: object, low: Decimal | int, high: Decimal | int, code: str) -> None:
    try:
        number = Decimal(str(value))
        fits = low <= number <= high
    except InvalidOperation:
        fits = False
    if not fits or isinstance(value, bool):
        raise ValidationError(
            _("Enter a number from %(low)s to %(high)s."), code=code, params={"low": low, "high": high}
        )


def validate_price_range(value: object) -> None:
    """0 to the highest price the column holds; code invalid_price."""
    _require_number(value, 0, BUSINESS_CONSTRAINTS["max_price"], "invalid_price")


def validate_percentage(value: object) -> None:
    """0 to 100; code invalid_percentage."""
    _require_number(value, 0, 100, "invalid_percentage")


def validate_duration_minutes(value: object) -> None:
    """One minute to one week; code invalid_duration."""
    _require_number(value, MIN_DURATION, MAX_DURATION, "invalid_duration")


def validate_rating(value: object) -> None:
    """1 to 5; code invalid_rating."""
    _require_number(value, MIN_RATING, MAX_RATING, "invalid_rating")


def validate_course_requirements(value: object) -> None:
    """A list of texts."""
    JSONListValidator()(value)


def validate_learning_objectives(value: object) -> None:
    """A list of texts."""
    JSONListValidator()(value)


def validate_tags(value: object) -> None:
    """A list of at most 20 texts."""
    JSONListValidator(max_items=BUSINESS_CONSTRAINTS["max_tags"])(value)


def _require_member(value: object, choices: type[CodedTextChoices], code: str) -> None:
    if value not in choices.values:
        raise ValidationError(_("“%(value)s” is not a valid choice."), code=code, params={"value": value})


def validate_course_level(value: object) -> None:
    """A value of CourseLevel, whatever members it has (VAL-03)."""
    _require_member(value, CourseLevel, "invalid_course_level")


def validate_enrollment_status(value: object) -> None:
    """A value of EnrollmentStatus."""
    _require_member(value, EnrollmentStatus, "invalid_enrollment_status")


def validate_lesson_type(value: object) -> None:
    """A value of LessonType."""
    _require_member(value, LessonType, "invalid_lesson_type")


def validate_access_level(value: object) -> None:
    """A value of AccessLevel."""
    _require_member(value, AccessLevel, "invalid_access_level")


def validate_resource_type(value: object) -> None:
    """A value of ResourceType."""
    _require_member(value, ResourceType, "invalid_resource_type")


def validate_question_type(value: object) -> None:
    """A value of QuestionType."""
    _require_member(value, QuestionType, "invalid_question_type")


__all__ = [
    "HAS_PIL",
    "ContentTypeValidator",
    "FileSizeValidator",
    "JSONListValidator",
    "MinStrLenValidator",
    "validate_access_level",
    "validate_certificate_number",
    "validate_course_level",
    "validate_course_requirements",
    "validate_document_file",
    "validate_duration_minutes",
    "validate_enrollment_status",
    "validate_file_extension",
    "validate_image_file",
    "validate_json_field",
    "validate_learning_objectives",
    "validate_lesson_type",
    "validate_percentage",
    "validate_phone_number",
    "validate_price_range",
    "validate_question_type",
    "validate_rating",
    "validate_resource_type",
    "validate_slug_format",
    "validate_tags",
    "validate_video_file",
    "validate_video_url",
    "validator",
]
