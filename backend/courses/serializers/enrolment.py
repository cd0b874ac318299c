"""Enrolments, progress, certificates: what belongs to a learner (policies 5, 6, 8, 9)."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from ..constants import MAX_CONTENT_LENGTH
from ..learner_rows import learnable_lessons, with_lesson_totals
from ..learning.enrolling import AlreadyEnrolled, enrol
from ..models import Certificate, Course, Enrollment, Lesson, Progress
from ..utils import calculate_completion_percentage
from ..utils.statistics import lesson_totals
from ..viewer import Viewer
from ..visibility import visible_courses
from .course import CourseSerializer
from .deprecation import deprecates
from .fields import SpokenBooleanField, VisibleRowField
from .learner_lesson import LearnerLessonSerializer
from .mixins import (
    ANYBODY,
    Chosen,
    ContextPropagationMixin,
    EnhancedValidationMixin,
    OptimizedQueryMixin,
    SetOnceMixin,
)
from .people import PersonSerializer

# A year in one lesson: more is a slip of the client's.
LONGEST_TIME_SPENT = 366 * 24 * 3600


def course_name(course: Course) -> dict[str, Any]:
    """What a learner keeps of a course that was withdrawn since (policy 8)."""
    return {"id": course.pk, "title": course.title, "slug": course.slug}


def _visible_course(enrollment: Enrollment, viewer: Viewer) -> Course | None:
    if hasattr(enrollment, "visible_course"):
        found: Course | None = enrollment.visible_course
        return found
    return visible_courses(viewer).filter(pk=enrollment.course_id).first()


class EnrolledCourseSerializer(Chosen, CourseSerializer):
    """The enrolment's course, if the viewer may see it now."""

    choose = staticmethod(_visible_course)


class EnrollmentSerializer(
    SetOnceMixin, ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer[Enrollment]
):
    """An enrolment. Its course is named once, and is one the learner may see (SER-08); nothing else is written."""

    set_once_fields = ("course_id",)

    course = EnrolledCourseSerializer(read_only=True)
    course_id = VisibleRowField[Course](source="course", rows=visible_courses, write_only=True)
    progress_percentage = serializers.SerializerMethodField()
    progress_summary = serializers.SerializerMethodField()

    class Meta:
        model = Enrollment
        fields = (
            "id",
            "course",
            "course_id",
            "status",
            "completion_date",
            "last_accessed",
            "total_time_spent",
            "progress_percentage",
            "progress_summary",
            "created_date",
            "updated_date",
        )
        read_only_fields = ("status", "completion_date", "last_accessed", "total_time_spent")

    @classmethod
    def setup_eager_loading(
        cls, queryset: QuerySet[Enrollment], viewer: Viewer = ANYBODY
    ) -> QuerySet[Enrollment]:
        courses = CourseSerializer.setup_eager_loading(visible_courses(viewer), viewer)
        return (
            with_lesson_totals(queryset)
            .select_related("course")
            .prefetch_related(Prefetch("course", queryset=courses, to_attr="visible_course"))
        )

    def get_progress_percentage(self, enrollment: Enrollment) -> int:
        """Counted now: lessons come and go without touching the enrolment (MOD-02)."""
        return int(calculate_completion_percentage(*self._totals(enrollment)))

    def get_progress_summary(self, enrollment: Enrollment) -> dict[str, int]:
        """Lessons of the published modules, whatever the learner's level (policy 8)."""
        completed, total = self._totals(enrollment)
        return {
            "completed_lessons": completed,
            "total_lessons": total,
            "percentage": self.get_progress_percentage(enrollment),
        }

    def create(self, validated_data: dict[str, Any]) -> Enrollment:
        try:
            return enrol(self.context["request"].user, validated_data["course"])
        except AlreadyEnrolled:
            raise serializers.ValidationError(
                {"course_id": [_("You are enrolled in this course already.")]}
            ) from None

    def _totals(self, enrollment: Enrollment) -> tuple[int, int]:
        if hasattr(enrollment, "total_lessons") and hasattr(enrollment, "completed_lessons"):
            return enrollment.completed_lessons, enrollment.total_lessons
        return lesson_totals(enrollment)

    def _process_representation_safely(self, data: dict[str, Any], instance: Enrollment) -> dict[str, Any]:
        return data if data["course"] is not None else {**data, "course": course_name(instance.course)}


class ProgressSerializer(
    SetOnceMixin,
    ContextPropagationMixin,
    OptimizedQueryMixin,
    EnhancedValidationMixin,
    serializers.ModelSerializer[Progress],
):
    """A learner's standing in a lesson, which is named once and shown as far as the viewer may see it."""

    text_fields = ("notes",)
    set_once_fields = ("lesson_id",)

    lesson = LearnerLessonSerializer(read_only=True)
    lesson_id = VisibleRowField[Lesson](source="lesson", rows=learnable_lessons, write_only=True)
    is_completed = SpokenBooleanField(required=False)

    class Meta:
        model = Progress
        fields = (
            "id",
            "lesson",
            "lesson_id",
            "is_completed",
            "completed_date",
            "time_spent",
            "progress_percentage",
            "notes",
            "last_accessed",
            "created_date",
            "updated_date",
        )
        read_only_fields = ("completed_date", "last_accessed")
        extra_kwargs = {
            "time_spent": {"max_value": LONGEST_TIME_SPENT},
            "notes": {"max_length": MAX_CONTENT_LENGTH["note"]},
        }

    @classmethod
    def setup_eager_loading(
        cls, queryset: QuerySet[Progress], viewer: Viewer = ANYBODY
    ) -> QuerySet[Progress]:
        lessons = LearnerLessonSerializer.setup_eager_loading(Lesson.objects.all(), viewer)
        return queryset.select_related("enrollment").prefetch_related(Prefetch("lesson", queryset=lessons))


class CertificateSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer[Certificate]
):
    """A certificate: who completed which course."""

    enrollment = EnrollmentSerializer(read_only=True)
    course = serializers.SerializerMethodField()
    user = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = (
            "id",
            "enrollment",
            "course",
            "user",
            "certificate_number",
            "is_valid",
            "revocation_date",
            "revocation_reason",
            "verification_hash",
            "template_version",
            "created_date",
            "updated_date",
        )
        read_only_fields = fields

    @classmethod
    def setup_eager_loading(
        cls, queryset: QuerySet[Certificate], viewer: Viewer = ANYBODY
    ) -> QuerySet[Certificate]:
        enrollments = EnrollmentSerializer.setup_eager_loading(
            Enrollment.objects.select_related("user"), viewer
        )
        return queryset.prefetch_related(Prefetch("enrollment", queryset=enrollments))

    def get_course(self, certificate: Certificate) -> dict[str, Any]:
        return course_name(certificate.enrollment.course)

    def get_user(self, certificate: Certificate) -> dict[str, Any]:
        return dict(PersonSerializer(certificate.enrollment.user).data)


@deprecates("hoursSpent")
class UserProgressStatsSerializer(serializers.Serializer[Any]):
    """What a learner has done so far; `hours_spent` and `hoursSpent` are the same number (UX-04)."""

    totalCourses = serializers.IntegerField()  # noqa: N815  # the API's names
    coursesCompleted = serializers.IntegerField()  # noqa: N815
    coursesInProgress = serializers.IntegerField()  # noqa: N815
    totalLessons = serializers.IntegerField()  # noqa: N815
    completedLessons = serializers.IntegerField()  # noqa: N815
    completionPercentage = serializers.FloatField()  # noqa: N815
    assessmentsCompleted = serializers.IntegerField()  # noqa: N815
    averageScore = serializers.FloatField()  # noqa: N815
    certificatesEarned = serializers.IntegerField()  # noqa: N815
    hoursSpent = serializers.FloatField()  # noqa: N815
    hours_spent = serializers.FloatField()
    totalTimeSpent = serializers.IntegerField()  # noqa: N815
    recentActivity = serializers.ListField(child=serializers.DictField())  # noqa: N815
    generatedAt = serializers.DateTimeField()  # noqa: N815
