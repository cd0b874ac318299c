"""Access decisions and payload checks under their former path.

Each is implemented once, elsewhere (ARCH-02, ARCH-03).
"""

from .access_levels import (
    ACCESS_LEVEL_CACHE_TIMEOUT,
    ACCESS_LEVELS,
    SUBSCRIPTION_ACCESS_MAPPING,
    clear_user_access_cache,
    get_subscription_tier_safe,
    get_unified_user_access_level,
    is_subscription_active_safe,
    normalize_user_role,
)
from .choices import AccessLevel
from .constants import DANGEROUS_CONTENT_PATTERNS as DANGEROUS_PATTERNS
from .constants import can_user_access_content
from .utils.payloads import (
    MAX_CONTENT_LENGTH,
    MAX_GUEST_CONTENT_LENGTH,
    MAX_TITLE_LENGTH,
    get_access_level_display,
    validate_course_data,
    validate_enrollment_data,
    validate_instructor_permissions,
    validate_lesson_data,
)
from .utils.sanitisation import COMPILED_DANGEROUS_PATTERNS, sanitize_input, validate_content_security
from .validators import MAX_DURATION, MIN_DURATION

ACCESS_HIERARCHY = AccessLevel.hierarchy()
# What is cached of a subscription is the level it gives.
SUBSCRIPTION_CACHE_TIMEOUT = ACCESS_LEVEL_CACHE_TIMEOUT

__all__ = [
    "ACCESS_HIERARCHY",
    "ACCESS_LEVELS",
    "ACCESS_LEVEL_CACHE_TIMEOUT",
    "COMPILED_DANGEROUS_PATTERNS",
    "DANGEROUS_PATTERNS",
    "MAX_CONTENT_LENGTH",
    "MAX_DURATION",
    "MAX_GUEST_CONTENT_LENGTH",
    "MAX_TITLE_LENGTH",
    "MIN_DURATION",
    "SUBSCRIPTION_ACCESS_MAPPING",
    "SUBSCRIPTION_CACHE_TIMEOUT",
    "can_user_access_content",
    "clear_user_access_cache",
    "get_access_level_display",
    "get_subscription_tier_safe",
    "get_unified_user_access_level",
    "is_subscription_active_safe",
    "normalize_user_role",
    "sanitize_input",
    "validate_content_security",
    "validate_course_data",
    "validate_enrollment_data",
    "validate_instructor_permissions",
    "validate_lesson_data",
]
