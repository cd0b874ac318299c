"""Every view of the app, and what views are built from."""

from .mixins import (
    ConsolidatedPermissionMixin,
    OptimizedSerializerMixin,
    SafeFilterMixin,
    SecureAPIView,
    SensitiveAPIThrottle,
    StandardContextMixin,
    StandardResultsSetPagination,
    extract_course_from_object,
    get_cache_key,
    log_operation_safe,
    safe_decimal_conversion,
    safe_int_conversion,
    validate_certificate_number,
    validate_permissions_and_raise,
)
from .public import CategoryViewSet, CourseViewSet, LessonViewSet, ModuleViewSet

PublicModuleViewSet = ModuleViewSet

__all__ = [
    "CategoryViewSet",
    "ConsolidatedPermissionMixin",
    "CourseViewSet",
    "LessonViewSet",
    "ModuleViewSet",
    "OptimizedSerializerMixin",
    "PublicModuleViewSet",
    "SafeFilterMixin",
    "SecureAPIView",
    "SensitiveAPIThrottle",
    "StandardContextMixin",
    "StandardResultsSetPagination",
    "extract_course_from_object",
    "get_cache_key",
    "log_operation_safe",
    "safe_decimal_conversion",
    "safe_int_conversion",
    "validate_certificate_number",
    "validate_permissions_and_raise",
]
