"""Enumerations, limits and small lookups shared by the whole app."""

import os
from decimal import Decimal, InvalidOperation
from enum import IntEnum

from .access import ACCESS_HIERARCHY, can_user_access_content
from .enums import LegacyTextChoices


class CourseLevel(LegacyTextChoices):
    BEGINNER = "beginner", "Beginner"
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"
    ALL_LEVELS = "all_levels", "All Levels"


class CreationMethod(LegacyTextChoices):
    BUILDER = "builder", "Course Builder"
    WIZARD = "wizard", "Course Wizard"
    AI = "ai", "AI Builder"
    IMPORT = "import", "Import"
    MANUAL = "manual", "Manual"
    TEMPLATE = "template", "Template"


class CompletionStatus(LegacyTextChoices):
    NOT_STARTED = "not_started", "Not Started"
    IN_PROGRESS = "in_progress", "In Progress"
    PARTIALLY_COMPLETE = "partially_complete", "Partially Complete"
    COMPLETE = "complete", "Complete"
    PUBLISHED = "published", "Published"
    ARCHIVED = "archived", "Archived"
    SUSPENDED = "suspended", "Suspended"


class LessonType(LegacyTextChoices):
    VIDEO = "video", "Video"
    READING = "reading", "Reading"
    INTERACTIVE = "interactive", "Interactive"
    QUIZ = "quiz", "Quiz"
    LAB_EXERCISE = "lab_exercise", "Lab Exercise"
    ASSIGNMENT = "assignment", "Assignment"
    DISCUSSION = "discussion", "Discussion"
    LIVE_SESSION = "live_session", "Live Session"
    DOWNLOAD = "download", "Download"


class AccessLevel(LegacyTextChoices):
    GUEST = "guest", "Guest"
    REGISTERED = "registered", "Registered"
    PREMIUM = "premium", "Premium"
    ENTERPRISE = "enterprise", "Enterprise"

    @classmethod
    def hierarchy(cls):
        return get_access_level_hierarchy()

    @classmethod
    def can_access(cls, user_level, required_level):
        return can_user_access_content(user_level, required_level)


class ResourceType(LegacyTextChoices):
    DOCUMENT = "document", "Document"
    VIDEO = "video", "Video"
    AUDIO = "audio", "Audio"
    IMAGE = "image", "Image"
    LINK = "link", "External Link"
    CODE_SAMPLE = "code_sample", "Code Sample"
    TOOL_SOFTWARE = "tool_software", "Tool/Software"
    DATASET = "dataset", "Dataset"
    TEMPLATE = "template", "Template"
    ARCHIVE = "archive", "Archive"


class QuestionType(LegacyTextChoices):
    MULTIPLE_CHOICE = "multiple_choice", "Multiple Choice"
    TRUE_FALSE = "true_false", "True/False"
    SHORT_ANSWER = "short_answer", "Short Answer"
    ESSAY = "essay", "Essay"
    MATCHING = "matching", "Matching"
    FILL_BLANK = "fill_blank", "Fill in the Blank"


class EnrollmentStatus(LegacyTextChoices):
    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"
    DROPPED = "dropped", "Dropped"
    SUSPENDED = "suspended", "Suspended"
    UNENROLLED = "unenrolled", "Unenrolled"
    EXPIRED = "expired", "Expired"
    PENDING = "pending", "Pending"

    @classmethod
    def active_statuses(cls):
        """Statuses in which a learner takes part in the course."""
        return [cls.ACTIVE, cls.COMPLETED]


class Priority(IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


def get_env_int(key, default):
    try:
        return int(os.environ[key])
    except (KeyError, ValueError):
        return default


def get_env_decimal(key, default):
    try:
        value = Decimal(os.environ[key])
    except (KeyError, InvalidOperation):
        return Decimal(default)
    return value if value.is_finite() else Decimal(default)


def get_env_bool(key, default):
    raw = os.environ.get(key)
    return default if raw is None else raw.strip().lower() in {"1", "true", "yes", "on"}


def get_file_size_limit(file_type, default_mb):
    """Upload limit in bytes; MAX_<TYPE>_SIZE_MB overrides the default."""
    return get_env_int(f"MAX_{file_type.upper()}_SIZE_MB", default_mb) * 1024 * 1024


MAX_FILE_SIZE = {
    "image": get_file_size_limit("image", 5),
    "video": get_file_size_limit("video", 500),
    "audio": get_file_size_limit("audio", 50),
    "document": get_file_size_limit("document", 20),
    "archive": get_file_size_limit("archive", 100),
}
MAX_CONTENT_LENGTH = {"title": 255, "description": 5000, "content": 100000, "guest_content": 10000, "note": 10000}
ALLOWED_EXTENSIONS = {
    "image": ["jpg", "jpeg", "png", "gif", "webp"],
    "video": ["mp4", "webm", "mov", "avi", "mkv"],
    "audio": ["mp3", "wav", "ogg", "m4a"],
    "document": ["pdf", "doc", "docx", "ppt", "pptx", "xls", "xlsx", "txt", "md", "csv"],
    "archive": ["zip", "tar", "gz"],
}
ALLOWED_MIME_TYPES = {
    "image": ["image/jpeg", "image/png", "image/gif", "image/webp"],
    "video": ["video/mp4", "video/webm", "video/quicktime", "video/x-msvideo", "video/x-matroska"],
    "audio": ["audio/mpeg", "audio/wav", "audio/x-wav", "audio/ogg", "audio/mp4"],
    "document": [
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/plain",
        "text/markdown",
        "text/csv",
    ],
    "archive": ["application/zip", "application/x-tar", "application/gzip"],
}
DANGEROUS_CONTENT_PATTERNS = [
    r"<\s*script",
    r"javascript\s*:",
    r"vbscript\s*:",
    r"\bon\w+\s*=",
    r"data\s*:\s*text/html",
]

DEFAULT_COURSE_PRICE = get_env_decimal("DEFAULT_COURSE_PRICE", "49.99")
DEFAULT_CURRENCY = "USD"
SUPPORTED_CURRENCIES = ["USD", "EUR", "GBP", "INR"]
MIN_RATING, MAX_RATING, RATING_PRECISION = 1, 5, 2
DEFAULT_PASSING_SCORE, DEFAULT_MAX_ATTEMPTS, DEFAULT_TIME_LIMIT = 70, 3, 0
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
MAX_SEARCH_RESULTS, MAX_BULK_OPERATIONS = 50, 100
BUSINESS_CONSTRAINTS = {
    "max_price": Decimal("9999.99"),
    "max_modules_per_course": 100,
    "max_lessons_per_module": 200,
    "max_tags": 20,
    "max_list_items": 50,
}
CACHE_TIMEOUTS = {"short": 60, "medium": 300, "long": 3600, "analytics": 900}
RATE_LIMITS = {"user": "1000/day", "anon": "100/day", "sensitive_api": "100/hour", "api": "1000/hour"}
CERTIFICATE_TEMPLATE_VERSIONS = ["1.0"]
DEFAULT_CERTIFICATE_VERSION = "1.0"
CONTENT_VERSION_LIMIT, AUTO_SAVE_INTERVAL = 10, 30
ANALYTICS_RETENTION_DAYS, REPORT_GENERATION_TIMEOUT = 365, 300

LEVEL_CHOICES = list(CourseLevel.choices)
CREATION_METHODS = list(CreationMethod.choices)
COMPLETION_STATUSES = list(CompletionStatus.choices)
LESSON_TYPE_CHOICES = list(LessonType.choices)
ACCESS_LEVEL_CHOICES = list(AccessLevel.choices)
RESOURCE_TYPE_CHOICES = list(ResourceType.choices)
QUESTION_TYPE_CHOICES = list(QuestionType.choices)
STATUS_CHOICES = list(EnrollmentStatus.choices)
ALL_CHOICES = {
    "level": LEVEL_CHOICES,
    "creation_method": CREATION_METHODS,
    "completion_status": COMPLETION_STATUSES,
    "lesson_type": LESSON_TYPE_CHOICES,
    "access_level": ACCESS_LEVEL_CHOICES,
    "resource_type": RESOURCE_TYPE_CHOICES,
    "question_type": QUESTION_TYPE_CHOICES,
    "enrollment_status": STATUS_CHOICES,
}
VALID_VALUES = {name: [value for value, _ in choices] for name, choices in ALL_CHOICES.items()}


def _extension(filename):
    return str(filename).rpartition(".")[2].lower() if "." in str(filename) else ""


def validate_file_type(filename, expected_type):
    return _extension(filename) in ALLOWED_EXTENSIONS.get(expected_type, [])


def validate_file_size(size, file_type):
    return isinstance(size, int) and 0 <= size <= MAX_FILE_SIZE.get(file_type, 0)


def validate_content_length(content, content_type):
    limit = MAX_CONTENT_LENGTH.get(content_type)
    return limit is None or len(content or "") <= limit


def get_business_constraint(key, default=None):
    return BUSINESS_CONSTRAINTS.get(key, default)


def is_valid_choice(value, choice_type):
    return value in VALID_VALUES.get(choice_type, [])


def get_access_level_hierarchy():
    return dict(ACCESS_HIERARCHY)


__all__ = [
    "CourseLevel",
    "CreationMethod",
    "CompletionStatus",
    "LessonType",
    "AccessLevel",
    "ResourceType",
    "QuestionType",
    "EnrollmentStatus",
    "Priority",
    "MAX_FILE_SIZE",
    "MAX_CONTENT_LENGTH",
    "BUSINESS_CONSTRAINTS",
    "ALLOWED_EXTENSIONS",
    "ALLOWED_MIME_TYPES",
    "DANGEROUS_CONTENT_PATTERNS",
    "DEFAULT_COURSE_PRICE",
    "DEFAULT_CURRENCY",
    "SUPPORTED_CURRENCIES",
    "MIN_RATING",
    "MAX_RATING",
    "DEFAULT_PASSING_SCORE",
    "DEFAULT_MAX_ATTEMPTS",
    "DEFAULT_TIME_LIMIT",
    "CERTIFICATE_TEMPLATE_VERSIONS",
    "CACHE_TIMEOUTS",
    "RATE_LIMITS",
    "DEFAULT_PAGE_SIZE",
    "MAX_PAGE_SIZE",
    "ALL_CHOICES",
    "VALID_VALUES",
    "validate_file_type",
    "validate_file_size",
    "validate_content_length",
    "get_business_constraint",
    "is_valid_choice",
    "get_access_level_hierarchy",
    "can_user_access_content",
    "get_file_size_limit",
    "get_env_decimal",
    "get_env_int",
    "get_env_bool",
    "LEVEL_CHOICES",
    "CREATION_METHODS",
    "COMPLETION_STATUSES",
    "LESSON_TYPE_CHOICES",
    "ACCESS_LEVEL_CHOICES",
    "RESOURCE_TYPE_CHOICES",
    "QUESTION_TYPE_CHOICES",
    "STATUS_CHOICES",
]
