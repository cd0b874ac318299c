"""The routes of the app, below /api/."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import DefaultRouter

from .constants import CACHE_TIMEOUTS
from .endpoints import LegacyEndpointSchema, secure_endpoint
from .throttling import APIThrottle, SensitiveAPIThrottle
from .views import (
    APIHealthCheckView,
    APIVersionView,
    CategoryViewSet,
    CertificateVerificationView,
    CertificateViewSet,
    CourseEnrollmentView,
    CourseProgressView,
    CourseViewSet,
    EnrollmentViewSet,
    FeaturedContentView,
    LegacyUserProgressStatsView,
    LessonViewSet,
    ModuleViewSet,
    NoteViewSet,
    ProgressViewSet,
    ReviewViewSet,
    UnifiedSearchView,
    UserProgressStatsView,
)
from .views.debug import CacheStatsView, URLPatternsView
from .views.draft_content import (
    CoursePreviewView,
    CourseVersionControlView,
    DraftCourseContentViewSet,
    DraftCourseViewSet,
    DraftLessonViewSet,
    DraftModuleViewSet,
    ResourceManagementView,
)
from .views.instructor import (
    CourseAnalyticsView,
    CourseCloneView,
    CoursePublishingView,
    InstructorDashboardView,
    InstructorModuleViewSet,
)
from .views.tasks import ImportExportView

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
register_viewset("enrollments", EnrollmentViewSet, "enrollment")
register_viewset("progress", ProgressViewSet, "progress")
register_viewset("notes", NoteViewSet, "note")
register_viewset("reviews", ReviewViewSet, "review")
register_viewset("certificates", CertificateViewSet, "certificate")
register_viewset("instructor/modules", InstructorModuleViewSet, "instructor-module")
register_viewset("instructor/draft-courses", DraftCourseViewSet, "draft-course")
register_viewset("instructor/draft-modules", DraftModuleViewSet, "draft-module")
register_viewset("instructor/draft-lessons", DraftLessonViewSet, "draft-lesson")
register_viewset("instructor/draft-content", DraftCourseContentViewSet, "draft-content")

operations = secure_endpoint(sensitive=True)

ONE_COURSE = "instructor/courses/<slug:course_slug>/"
new_resource = ResourceManagementView.as_view(http_method_names=["post", "options"])
one_resource = ResourceManagementView.as_view(http_method_names=["delete", "options"])

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", APIHealthCheckView.as_view(), name="api-health-check"),
    path("version/", APIVersionView.as_view(), name="api-version"),
    path("search/", UnifiedSearchView.as_view(), name="search"),
    path("featured/", FeaturedContentView.as_view(), name="featured"),
    path(
        "certificates/verify/<slug:certificate_number>/",
        CertificateVerificationView.as_view(),
        name="verify-certificate",
    ),
    path("me/stats/", UserProgressStatsView.as_view(), name="me-stats"),
    path("user/progress/stats/", UserProgressStatsView.as_view(), name="user-progress-stats"),
    path("user/progress-stats/", LegacyUserProgressStatsView.as_view(), name="user-progress-stats-legacy"),
    path("tasks/import_export/", operations(ImportExportView).as_view(), name="tasks-import-export"),
    path("debug/cache-stats/", operations(CacheStatsView).as_view(), name="debug-cache-stats"),
    path("debug/url-patterns/", operations(URLPatternsView).as_view(), name="debug-url-patterns"),
    path("courses/<slug:course_slug>/enrollment/", CourseEnrollmentView.as_view(), name="course-enrollment"),
    path("courses/<slug:course_slug>/progress/", CourseProgressView.as_view(), name="course-progress"),
    path("instructor/dashboard/", InstructorDashboardView.as_view(), name="instructor-dashboard"),
    path(ONE_COURSE + "analytics/", CourseAnalyticsView.as_view(), name="course-analytics"),
    path(ONE_COURSE + "publishing/", CoursePublishingView.as_view(), name="course-publishing"),
    path(ONE_COURSE + "clone/", CourseCloneView.as_view(), name="instructor-course-clone"),
    path(ONE_COURSE + "version-control/", CourseVersionControlView.as_view(), name="course-version-control"),
    path("instructor/courses/<slug:slug>/preview/", CoursePreviewView.as_view(), name="course-preview"),
    path("instructor/lessons/<int:lesson_id>/resources/", new_resource, name="lesson-resources"),
    path("instructor/resources/<int:resource_id>/", one_resource, name="resource"),
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
