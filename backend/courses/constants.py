"""Choices, limits and defaults of the courses app, and small questions about them."""

import os
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from pathlib import PurePath
from typing import Any

from django.conf import settings

from .choices import (
    AccessLevel,
    CompletionStatus,
    CourseLevel,
    CreationMethod,
    EnrollmentStatus,
    LessonType,
    QuestionType,
    ResourceType,
)


class Priority(IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4


def get_env_decimal(key: str, default: Decimal | str | int) -> Decimal:
    """The environment variable as a finite Decimal; the default when unset or not a number."""
    try:
        value = Decimal(os.environ.get(key, "").strip())
    except InvalidOperation:
        return Decimal(default)
    return value if value.is_finite() else Decimal(default)


def get_env_int(key: str, default: int) -> int:
    """The environment variable as an integer; the default when unset or not an integer."""
    try:
        return int(os.environ.get(key, ""))
    except ValueError:
        return default


def get_env_bool(key: str, default: bool) -> bool:
    """True for 1, true, yes, on (any case); the default when unset or empty."""
    value = os.environ.get(key, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def get_file_size_limit(file_type: str, default_mb: int) -> int:
    """Bytes allowed for a kind of file: MAX_<TYPE>_SIZE_MB from the environment, else `default_mb`."""
    return get_env_int(f"MAX_{file_type.upper()}_SIZE_MB", default_mb) * 1024 * 1024


# --- files ---

MAX_FILE_SIZE = {
    "image": get_file_size_limit("image", 5),
    "video": get_file_size_limit("video", 500),
    "audio": get_file_size_limit("audio", 100),
    "document": get_file_size_limit("document", 50),
    "archive": get_file_size_limit("archive", 100),
}
# Which file names are taken, and the type each one is declared as.
_CONTENT_TYPES = {
    "image": {
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".gif": "image/gif",
        ".webp": "image/webp",
    },
    "video": {
        ".mp4": "video/mp4",
        ".webm": "video/webm",
        ".mov": "video/quicktime",
        ".m4v": "video/x-m4v",
    },
    "audio": {".mp3": "audio/mpeg", ".wav": "audio/wav", ".ogg": "audio/ogg", ".m4a": "audio/mp4"},
    "document": {
        ".pdf": "application/pdf",
        ".doc": "application/msword",
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".ppt": "application/vnd.ms-powerpoint",
        ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".xls": "application/vnd.ms-excel",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".txt": "text/plain",
        ".md": "text/markdown",
        ".csv": "text/csv",
    },
    "archive": {
        ".zip": "application/zip",
        ".tar": "application/x-tar",
        ".gz": "application/gzip",
        ".7z": "application/x-7z-compressed",
    },
}
ALLOWED_EXTENSIONS = {kind: list(types) for kind, types in _CONTENT_TYPES.items()}
ALLOWED_MIME_TYPES = {kind: sorted(set(types.values())) for kind, types in _CONTENT_TYPES.items()}
EXTENSION_CONTENT_TYPES = {
    extension: content_type for types in _CONTENT_TYPES.values() for extension, content_type in types.items()
}

# --- content ---

MAX_CONTENT_LENGTH = {
    "title": 160,
    "description": 10_000,
    "content": 100_000,
    "guest_content": 20_000,
    "registered_content": 50_000,
    "note": 10_000,
    "review": 5_000,
}
# Markup that runs code. What may be *stored* is decided by the sanitiser; these say what a plain text is
# refused for.
DANGEROUS_CONTENT_PATTERNS = [
    r"<\s*/?\s*(?:script|iframe|object|embed|applet|meta|base|form)\b",
    r"\b(?:javascript|vbscript)\s*:",
    r"\bdata\s*:\s*text/html",
    r"<[^>]*[\s/\"']on[a-z]+\s*=",
]
CONTENT_VERSION_LIMIT = 50
AUTO_SAVE_INTERVAL = 30

# --- prices, ratings, assessments, certificates ---

DEFAULT_COURSE_PRICE = Decimal("49.99")
DEFAULT_CURRENCY = "USD"
SUPPORTED_CURRENCIES = ["USD", "EUR", "GBP", "INR"]
MIN_RATING = 1
MAX_RATING = 5
RATING_PRECISION = 2
DEFAULT_PASSING_SCORE = 70
DEFAULT_MAX_ATTEMPTS = 3
DEFAULT_TIME_LIMIT = 0
CERTIFICATE_TEMPLATE_VERSIONS = ["1.0"]
DEFAULT_CERTIFICATE_VERSION = "1.0"
BUSINESS_CONSTRAINTS: dict[str, Any] = {
    "max_price": Decimal("999999.99"),
    "max_modules_per_course": 100,
    "max_lessons_per_module": 200,
    "max_tags": 20,
}

# --- requests ---

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_SEARCH_RESULTS = 50
MAX_BULK_OPERATIONS = 100
RATE_LIMITS: dict[str, str] = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
# Seconds, by view.
CACHE_TIMEOUTS = {
    "health": 30,
    "user": 60,
    "search": 300,
    "featured": 300,
    "version": 300,
    "analytics": 900,
    "certificate": 3600,
}
ANALYTICS_RETENTION_DAYS = 365
REPORT_GENERATION_TIMEOUT = 300

# --- the same choices under their former names ---

LEVEL_CHOICES = CourseLevel.choices
CREATION_METHODS = CreationMethod.choices
COMPLETION_STATUSES = CompletionStatus.choices
LESSON_TYPE_CHOICES = LessonType.choices
ACCESS_LEVEL_CHOICES = AccessLevel.choices
RESOURCE_TYPE_CHOICES = ResourceType.choices
QUESTION_TYPE_CHOICES = QuestionType.choices
STATUS_CHOICES = EnrollmentStatus.choices

_CHOICE_TYPES = {
    "course_level": CourseLevel,
    "creation_method": CreationMethod,
    "completion_status": CompletionStatus,
    "lesson_type": LessonType,
    "access_level": AccessLevel,
    "resource_type": ResourceType,
    "question_type": QuestionType,
    "enrollment_status": EnrollmentStatus,
}
ALL_CHOICES = {name: choices.choices for name, choices in _CHOICE_TYPES.items()}
VALID_VALUES = {name: choices.values for name, choices in _CHOICE_TYPES.items()}

# --- questions ---


def is_valid_choice(value: object, choice_type: str) -> bool:
    """Whether `value` is a member of the choice set named as in ALL_CHOICES; False for an unknown set."""
    return value in VALID_VALUES.get(choice_type, [])


def validate_file_type(filename: str, expected_type: str) -> bool:
    """Whether the name's extension belongs to the kind of file named as in ALLOWED_EXTENSIONS."""
    return PurePath(filename).suffix.lower() in ALLOWED_EXTENSIONS.get(expected_type, [])


def validate_file_size(size: int, file_type: str) -> bool:
    """Whether `size` bytes fit the kind of file named as in MAX_FILE_SIZE; False for an unknown kind."""
    return 0 <= size <= MAX_FILE_SIZE.get(file_type, -1)


def validate_content_length(content: str, content_type: str) -> bool:
    """Whether the text fits the limit named as in MAX_CONTENT_LENGTH; False for an unknown limit."""
    return len(content) <= MAX_CONTENT_LENGTH.get(content_type, -1)


def get_business_constraint(key: str, default: Any = None) -> Any:
    """The named business constraint, or `default`."""
    return BUSINESS_CONSTRAINTS.get(key, default)


def get_access_level_hierarchy() -> dict[str, int]:
    """Rank of each access level (policy 1)."""
    return AccessLevel.hierarchy()


def can_user_access_content(user_level: str, required_level: str) -> bool:
    """Whether a user of `user_level` may open content of `required_level` (policy 1, ARCH-03).

    An unknown user level counts as guest; unknown content is locked.
    """
    return AccessLevel.can_access(user_level, required_level)


__all__ = [
    "ACCESS_LEVEL_CHOICES",
    "ALLOWED_EXTENSIONS",
    "ALLOWED_MIME_TYPES",
    "ALL_CHOICES",
    "BUSINESS_CONSTRAINTS",
    "CACHE_TIMEOUTS",
    "CERTIFICATE_TEMPLATE_VERSIONS",
    "COMPLETION_STATUSES",
    "CREATION_METHODS",
    "DANGEROUS_CONTENT_PATTERNS",
    "DEFAULT_COURSE_PRICE",
    "DEFAULT_CURRENCY",
    "DEFAULT_MAX_ATTEMPTS",
    "DEFAULT_PAGE_SIZE",
    "DEFAULT_PASSING_SCORE",
    "DEFAULT_TIME_LIMIT",
    "LESSON_TYPE_CHOICES",
    "LEVEL_CHOICES",
    "MAX_CONTENT_LENGTH",
    "MAX_FILE_SIZE",
    "MAX_PAGE_SIZE",
    "MAX_RATING",
    "MIN_RATING",
    "QUESTION_TYPE_CHOICES",
    "RATE_LIMITS",
    "RESOURCE_TYPE_CHOICES",
    "STATUS_CHOICES",
    "SUPPORTED_CURRENCIES",
    "VALID_VALUES",
    "AccessLevel",
    "CompletionStatus",
    "CourseLevel",
    "CreationMethod",
    "EnrollmentStatus",
    "LessonType",
    "Priority",
    "QuestionType",
    "ResourceType",
    "can_user_access_content",
    "get_access_level_hierarchy",
    "get_business_constraint",
    "get_env_bool",
    "get_env_decimal",
    "get_env_int",
    "get_file_size_limit",
    "is_valid_choice",
    "validate_content_length",
    "validate_file_size",
    "validate_file_type",
]
