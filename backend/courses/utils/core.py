"""The former home of the app's small functions; each lives in the module named after its idea."""

from ..access_levels import get_user_access_level
from ..certificate_numbers import generate_certificate_number
from ..constants import DANGEROUS_CONTENT_PATTERNS as DANGEROUS_HTML_PATTERNS
from ..validators import validate_json_field
from .files import (
    ALLOWED_DOCUMENT_EXTENSIONS,
    ALLOWED_IMAGE_EXTENSIONS,
    ALLOWED_VIDEO_EXTENSIONS,
    MAX_FILENAME_LENGTH,
    get_file_extension,
    is_document_file,
    is_image_file,
    is_video_file,
    upload_course_thumbnail,
    upload_lesson_resource,
    validate_file_security,
)
from .formatting import (
    calculate_reading_time,
    format_duration,
    format_filesize,
    format_price,
    format_time_spent,
)
from .gating import (
    DEFAULT_PREMIUM_CONTENT_MESSAGE,
    DEFAULT_REGISTERED_CONTENT_MESSAGE,
    check_lesson_access,
    get_restricted_content_message,
)
from .identifiers import generate_unique_identifier, generate_verification_hash
from .sanitisation import COMPILED_DANGEROUS_PATTERNS, clean_html_content, extract_text_from_html
from .slugs import generate_unique_slug
from .statistics import (
    ANALYTICS_CACHE_TIMEOUT,
    COURSE_STATS_CACHE_TIMEOUT,
    calculate_completion_percentage,
    calculate_course_duration,
    calculate_course_progress,
    clear_course_caches,
    get_course_stats,
    get_user_course_progress,
    update_course_analytics,
)

# Slugs are looked up when they are made, never cached: a cached answer is how two rows get one slug.
SLUG_CACHE_TIMEOUT = 0

__all__ = [
    "ALLOWED_DOCUMENT_EXTENSIONS",
    "ALLOWED_IMAGE_EXTENSIONS",
    "ALLOWED_VIDEO_EXTENSIONS",
    "ANALYTICS_CACHE_TIMEOUT",
    "COMPILED_DANGEROUS_PATTERNS",
    "COURSE_STATS_CACHE_TIMEOUT",
    "DANGEROUS_HTML_PATTERNS",
    "DEFAULT_PREMIUM_CONTENT_MESSAGE",
    "DEFAULT_REGISTERED_CONTENT_MESSAGE",
    "MAX_FILENAME_LENGTH",
    "SLUG_CACHE_TIMEOUT",
    "calculate_completion_percentage",
    "calculate_course_duration",
    "calculate_course_progress",
    "calculate_reading_time",
    "check_lesson_access",
    "clean_html_content",
    "clear_course_caches",
    "extract_text_from_html",
    "format_duration",
    "format_filesize",
    "format_price",
    "format_time_spent",
    "generate_certificate_number",
    "generate_unique_identifier",
    "generate_unique_slug",
    "generate_verification_hash",
    "get_course_stats",
    "get_file_extension",
    "get_restricted_content_message",
    "get_user_access_level",
    "get_user_course_progress",
    "is_document_file",
    "is_image_file",
    "is_video_file",
    "update_course_analytics",
    "upload_course_thumbnail",
    "upload_lesson_resource",
    "validate_file_security",
    "validate_json_field",
]
