"""The views for everybody under their historical path."""

from .categories import CategoryViewSet
from .courses import CourseViewSet
from .featured import FeaturedContentView
from .lessons import LessonViewSet
from .modules import ModuleViewSet
from .schema import HAS_DRF_SPECTACULAR, OpenApiParameter, extend_schema
from .search import UnifiedSearchView
from .service import APIHealthCheckView, APIVersionView
from .verification import CertificateVerificationView

__all__ = [
    "HAS_DRF_SPECTACULAR",
    "APIHealthCheckView",
    "APIVersionView",
    "CategoryViewSet",
    "CertificateVerificationView",
    "CourseViewSet",
    "FeaturedContentView",
    "LessonViewSet",
    "ModuleViewSet",
    "OpenApiParameter",
    "UnifiedSearchView",
    "extend_schema",
]
