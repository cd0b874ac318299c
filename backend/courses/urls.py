"""The routes of the app, below /api/."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import DefaultRouter

from .constants import CACHE_TIMEOUTS
from .endpoints import LegacyEndpointSchema, secure_endpoint
from .throttling import APIThrottle, SensitiveAPIThrottle
from .views import CategoryViewSet, CourseViewSet, LessonViewSet, ModuleViewSet, NoteViewSet, ReviewViewSet
from .views.debug import CacheStatsView, URLPatternsView

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

operations = secure_endpoint(sensitive=True)
register_viewset("notes", NoteViewSet, "note")
register_viewset("reviews", ReviewViewSet, "review")

urlpatterns: list[URLPattern | URLResolver] = [
    path("debug/cache-stats/", operations(CacheStatsView).as_view(), name="debug-cache-stats"),
    path("debug/url-patterns/", operations(URLPatternsView).as_view(), name="debug-url-patterns"),
    *router.urls,
]

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
