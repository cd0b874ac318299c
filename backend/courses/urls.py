"""The routes of the app, below /api/."""

from typing import Any

from django.urls import URLPattern, URLResolver
from rest_framework.routers import DefaultRouter

from .constants import CACHE_TIMEOUTS
from .endpoints import LegacyEndpointSchema, secure_endpoint
from .throttling import APIThrottle, SensitiveAPIThrottle
from .views import CategoryViewSet, CourseViewSet, LessonViewSet, ModuleViewSet

app_name = "courses"

router = DefaultRouter()
# The list of all routes is /api/schema/.
router.include_root_view = False


def register_viewset(prefix: str, viewset: Any, basename: str | None = None) -> None:
    """Registers a viewset at `prefix`; its URL names start with `basename`."""
    router.register(prefix, viewset, basename=basename)


register_viewset("categories", CategoryViewSet, "category")
register_viewset("courses", CourseViewSet, "course")
register_viewset("modules", ModuleViewSet, "module")
register_viewset("lessons", LessonViewSet, "lesson")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]

__all__ = [
    "CACHE_TIMEOUTS",
    "APIThrottle",
    "LegacyEndpointSchema",
    "SensitiveAPIThrottle",
    "app_name",
    "register_viewset",
    "router",
    "secure_endpoint",
    "urlpatterns",
]
