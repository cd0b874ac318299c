"""Every view of the app, and what views are built from."""

from .debug import CacheStatsView, URLPatternsView
from .instructor import (
    CourseAnalyticsView,
    CourseCloneView,
    CoursePublishingView,
    InstructorDashboardView,
    InstructorModuleViewSet,
)
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
from .public import (
    APIHealthCheckView,
    APIVersionView,
    CategoryViewSet,
    CertificateVerificationView,
    CourseViewSet,
    FeaturedContentView,
    LessonViewSet,
    ModuleViewSet,
    UnifiedSearchView,
)
from .user import NoteViewSet, ReviewViewSet

PublicModuleViewSet = ModuleViewSet

__all__ = [
    "APIHealthCheckView",
    "APIVersionView",
    "CacheStatsView",
    "CategoryViewSet",
    "CertificateVerificationView",
    "ConsolidatedPermissionMixin",
    "CourseAnalyticsView",
    "CourseCloneView",
    "CoursePublishingView",
    "CourseViewSet",
    "FeaturedContentView",
    "InstructorDashboardView",
    "InstructorModuleViewSet",
    "LessonViewSet",
    "ModuleViewSet",
    "NoteViewSet",
    "OptimizedSerializerMixin",
    "PublicModuleViewSet",
    "ReviewViewSet",
    "SafeFilterMixin",
    "SecureAPIView",
    "SensitiveAPIThrottle",
    "StandardContextMixin",
    "StandardResultsSetPagination",
    "URLPatternsView",
    "UnifiedSearchView",
    "extract_course_from_object",
    "get_cache_key",
    "log_operation_safe",
    "safe_decimal_conversion",
    "safe_int_conversion",
    "validate_certificate_number",
    "validate_permissions_and_raise",
]
