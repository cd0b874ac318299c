"""Routes of the app."""

from django.urls import include, path
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.decorators import api_view
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import DefaultRouter, SimpleRouter
from rest_framework.views import APIView

from . import views
from .schema import AutoSchema
from .throttles import APIThrottle, SensitiveAPIThrottle

app_name = "courses"
CACHE_TIMEOUTS = {
    "health": 30,
    "search": 300,
    "featured": 300,
    "version": 300,
    "user": 60,
    "analytics": 900,
    "certificate": 3600,
}


class LegacyEndpointSchema(AutoSchema):
    """Gives a second address of an operation a name of its own, and marks the outdated ones."""

    def __init__(self, suffix="legacy"):
        super().__init__()
        self.suffix = suffix

    def is_deprecated(self):
        return self.suffix == "legacy"

    def get_operation_id(self, *args):
        return f"{super().get_operation_id(*args)}_{self.suffix}"


def secure_endpoint(cache_timeout=0, require_auth=False, sensitive=False, operation_id_suffix=None):
    """Throttle a view, and say how long its answer may be kept by the client that asked.

    The limits are attributes of a subclass, where the framework looks for them. Answers are not kept on this side
    of the connection: a copy served from in front of the view would reach callers the view would have refused.
    """

    def secured_class(view_class):
        throttle = SensitiveAPIThrottle if sensitive else APIThrottle
        others = [known for known in view_class.throttle_classes if known is not throttle]
        attributes = {"throttle_classes": [throttle, *others], "__doc__": view_class.__doc__}
        attributes["__module__"] = view_class.__module__
        if require_auth and IsAuthenticated not in view_class.permission_classes:
            attributes["permission_classes"] = [IsAuthenticated, *view_class.permission_classes]
        if operation_id_suffix:
            attributes["schema"] = LegacyEndpointSchema(operation_id_suffix)

        def finalize_response(self, request, response, *args, **kwargs):
            response = super(secured, self).finalize_response(request, response, *args, **kwargs)
            if cache_timeout and response.status_code == 200:
                patch_cache_control(response, private=True, max_age=cache_timeout)
                patch_vary_headers(response, ["Authorization"])
            else:
                patch_cache_control(response, no_store=True)
            return response

        attributes["finalize_response"] = finalize_response
        secured = type(view_class.__name__, (view_class,), attributes)
        return secured

    def decorate(view):
        if isinstance(view, type) and issubclass(view, APIView):
            return secured_class(view)
        if not hasattr(view, "cls"):
            view = api_view(["GET"])(view)
        actions = [view.actions] if getattr(view, "actions", None) else []
        return secured_class(view.cls).as_view(*actions, **getattr(view, "initkwargs", {}))

    return decorate


router = DefaultRouter()
instructor_router = SimpleRouter()


def register_viewset(prefix, viewset, basename=None):
    router.register(prefix, viewset, basename=basename)


register_viewset("categories", views.CategoryViewSet, "category")
register_viewset("courses", views.CourseViewSet, "course")
register_viewset("modules", views.ModuleViewSet, "module")
register_viewset("lessons", views.LessonViewSet, "lesson")
register_viewset("enrollments", views.EnrollmentViewSet, "enrollment")
register_viewset("progress", views.ProgressViewSet, "progress")
register_viewset("reviews", views.ReviewViewSet, "review")
register_viewset("notes", views.NoteViewSet, "note")
register_viewset("certificates", views.CertificateViewSet, "certificate")
instructor_router.register("draft-courses", views.DraftCourseViewSet, "draft-course")
instructor_router.register("draft-modules", views.DraftModuleViewSet, "draft-module")
instructor_router.register("draft-lessons", views.DraftLessonViewSet, "draft-lesson")
instructor_router.register("draft-content", views.DraftCourseContentViewSet, "draft-content")
instructor_router.register("modules", views.InstructorModuleViewSet, "instructor-module")


def _public(view, timeout=0):
    return secure_endpoint(cache_timeout=timeout)(view).as_view()


def _own(view, **options):
    return secure_endpoint(require_auth=True, **options)(view).as_view()


instructor_urls = [
    path("dashboard/", _own(views.InstructorDashboardView, sensitive=True), name="instructor-dashboard"),
    path(
        "courses/<slug:course_slug>/analytics/",
        _own(views.CourseAnalyticsView, sensitive=True, cache_timeout=CACHE_TIMEOUTS["analytics"]),
        name="course-analytics",
    ),
    path("courses/<slug:course_slug>/preview/", views.CoursePreviewView.as_view(), name="course-preview"),
    path(
        "courses/<slug:course_slug>/version-control/",
        views.CourseVersionControlView.as_view(),
        name="course-version-control",
    ),
    path(
        "lessons/<int:lesson_id>/resources/",
        views.ResourceManagementView.as_view(http_method_names=["post", "options"]),
        name="lesson-resources",
    ),
    path(
        "resources/<int:resource_id>/",
        views.ResourceManagementView.as_view(http_method_names=["delete", "options"]),
        name="resource-detail",
    ),
    path("", include(instructor_router.urls)),
]

urlpatterns = [
    path("health/", views.APIHealthCheckView.as_view(), name="api-health-check"),
    path("version/", views.APIVersionView.as_view(), name="api-version"),
    path("search/", _public(views.UnifiedSearchView, CACHE_TIMEOUTS["search"]), name="search"),
    path("featured/", _public(views.FeaturedContentView, CACHE_TIMEOUTS["featured"]), name="featured"),
    path(
        "certificates/verify/<slug:certificate_number>/",
        _public(views.CertificateVerificationView),
        name="verify-certificate",
    ),
    path("user/progress/stats/", _own(views.UserProgressStatsView), name="user-progress-stats"),
    path(
        "user/progress-stats/",
        _own(views.LegacyUserProgressStatsView, operation_id_suffix="legacy"),
        name="user-progress-stats-legacy",
    ),
    path("me/stats/", _own(views.UserProgressStatsView), name="me-stats"),
    path("courses/<slug:course_slug>/enrollment/", _own(views.CourseEnrollmentView), name="course-enrollment"),
    path("courses/<slug:course_slug>/progress/", _own(views.CourseProgressView), name="course-progress"),
    path("instructor/", include(instructor_urls)),
    path("debug/cache-stats/", _own(views.CacheStatsView), name="debug-cache-stats"),
    path("debug/url-patterns/", _own(views.URLPatternsView), name="debug-url-patterns"),
    path("", include(router.urls)),
]

__all__ = ["urlpatterns", "app_name", "router", "secure_endpoint", "CACHE_TIMEOUTS"]
