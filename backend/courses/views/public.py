"""The views for everybody under their historical path."""

from .categories import CategoryViewSet
from .courses import CourseViewSet
from .lessons import LessonViewSet
from .modules import ModuleViewSet
from .schema import HAS_DRF_SPECTACULAR, OpenApiParameter, extend_schema

__all__ = [
    "HAS_DRF_SPECTACULAR",
    "CategoryViewSet",
    "CourseViewSet",
    "LessonViewSet",
    "ModuleViewSet",
    "OpenApiParameter",
    "extend_schema",
]
