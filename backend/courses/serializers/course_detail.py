"""A course by itself: its outline, its versions, its reviews, and the viewer's own standing."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from ..choices import EnrollmentStatus
from ..models import Course, Review
from ..utils import get_user_course_progress
from ..viewer import Viewer
from ..visibility import modules_of, visible_courses, visible_modules
from .course import CourseSerializer
from .mixins import ANYBODY, ChosenRows, ContextPropagationMixin, OptimizedQueryMixin
from .module import ModuleSerializer
from .reviews import ReviewSerializer

RECENT_REVIEWS = 5
ENROLLMENT_INFO = ("id", "status", "enrolled_date", "completion_date", "last_accessed")


class CourseVersionSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer[Course]
):
    """A version of a course."""

    class Meta:
        model = Course
        fields = (
            "id",
            "title",
            "slug",
            "version",
            "is_published",
            "is_draft",
            "published_date",
            "created_date",
            "updated_date",
        )
        read_only_fields = fields


def _recent_reviews(course: Course, _viewer: Viewer) -> Iterable[Review]:
    return (
        course.reviews.filter(is_approved=True)
        .select_related("user")
        .order_by("-created_date", "-pk")[:RECENT_REVIEWS]
    )


class CourseDetailSerializer(CourseSerializer):
    """A course with everything around it that the viewer may see."""

    modules = ChosenRows(choose=modules_of, child=ModuleSerializer())
    user_progress = serializers.SerializerMethodField()
    version_info = serializers.SerializerMethodField()
    enrollment_info = serializers.SerializerMethodField()
    recent_reviews = ChosenRows(choose=_recent_reviews, child=ReviewSerializer())

    class Meta(CourseSerializer.Meta):
        fields = (
            *CourseSerializer.Meta.fields,
            *("modules", "user_progress", "version_info", "enrollment_info", "recent_reviews"),
        )

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Course], viewer: Viewer = ANYBODY) -> QuerySet[Course]:
        modules = ModuleSerializer.setup_eager_loading(visible_modules(viewer), viewer)
        return (
            super()
            .setup_eager_loading(queryset, viewer)
            .prefetch_related(Prefetch("modules", queryset=modules, to_attr="visible_modules"))
        )

    def get_user_progress(self, course: Course) -> dict[str, Any] | None:
        """The viewer's progress over all published modules (policy 8); null when not enrolled."""
        if course.pk not in self.viewer.enrolled_courses:
            return None
        standing: dict[str, Any] = get_user_course_progress(self.viewer.user, course)
        return standing

    def get_enrollment_info(self, course: Course) -> dict[str, Any] | None:
        """The viewer's own enrolment; null without one."""
        if self.viewer.user is None:
            return None
        own = course.enrollments.filter(user=self.viewer.user.pk).exclude(status=EnrollmentStatus.UNENROLLED)
        info: dict[str, Any] | None = own.values(*ENROLLMENT_INFO).first()
        return info

    def get_version_info(self, course: Course) -> dict[str, Any]:
        """The version with its parent and children, as far as the viewer may see them (VIEW-10)."""
        visible = visible_courses(self.viewer)
        parent = visible.filter(course_versions=course.pk).first()
        children = visible.filter(parent_version=course.pk).order_by("version", "pk")
        return {
            "version": str(course.version),
            "parent": CourseVersionSerializer(parent, context=self.context).data if parent else None,
            "children": CourseVersionSerializer(children, many=True, context=self.context).data,
        }
