"""Enrolments, progress and certificates."""

from django.db.models import Prefetch
from rest_framework import serializers

from ..models import Certificate, Course, Enrollment, Lesson, Progress
from ..utils.core import calculate_completion_percentage
from .core import CourseSerializer
from .course import count_of
from .fields import CourseKeyField, LearnableLessonField
from .mixins import ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin
from .outline import OwnRecordLessonSerializer


class EnrollmentSerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    """A learner chooses the course and nothing else: the rest follows from what he does in it."""

    course = serializers.SerializerMethodField()
    course_id = CourseKeyField(source="course", write_only=True)
    progress_summary = serializers.SerializerMethodField()

    class Meta:
        model = Enrollment
        fields = [
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
        ]
        read_only_fields = [name for name in fields if name not in {"course", "course_id"}]

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        courses = CourseSerializer.setup_eager_loading(Course.objects.all(), reader)
        courses = courses.annotate(
            outline_size=count_of(Lesson.objects.filter(module__is_published=True), "module__course")
        )
        done = Progress.objects.filter(is_completed=True, lesson__module__is_published=True)
        return queryset.prefetch_related(Prefetch("course", courses)).annotate(
            lessons_done=count_of(done, "enrollment")
        )

    def get_course(self, obj) -> dict:
        """Of a course that was withdrawn a learner keeps the name, and nothing of what it says."""
        course = obj.course
        if course.is_published or self.reader.teaches(course.pk):
            return CourseSerializer(course, context=self.context).data
        return {"id": course.pk, "title": course.title, "slug": course.slug}

    def get_progress_summary(self, obj) -> dict:
        total = getattr(obj.course, "outline_size", None)
        if total is None:
            total = Lesson.objects.filter(module__course=obj.course_id, module__is_published=True).count()
        done = getattr(obj, "lessons_done", None)
        if done is None:
            done = obj.progress.filter(is_completed=True, lesson__module__is_published=True).count()
        percentage = calculate_completion_percentage(done, total)
        return {"total_lessons": total, "completed_lessons": done, "completion_percentage": percentage}

    def validate_course_id(self, course):
        if self.instance is not None and course.pk != self.instance.course_id:
            raise serializers.ValidationError("The course of an enrolment cannot be changed.")
        return course


class ProgressSerializer(ContextPropagationMixin, EnhancedValidationMixin, serializers.ModelSerializer):
    html_fields = ("notes",)

    lesson = OwnRecordLessonSerializer(read_only=True)
    lesson_id = LearnableLessonField(source="lesson", write_only=True)

    class Meta:
        model = Progress
        fields = [
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
        ]
        read_only_fields = ["completed_date", "last_accessed"]
        extra_kwargs = {"time_spent": {"max_value": 2147483647}}


class CertificateSerializer(ContextPropagationMixin, serializers.ModelSerializer):
    course = serializers.SerializerMethodField()
    user = serializers.SerializerMethodField()
    enrollment = EnrollmentSerializer(read_only=True)
    issue_date = serializers.DateTimeField(source="created_date", read_only=True)

    class Meta:
        model = Certificate
        fields = [
            "id",
            "certificate_number",
            "issue_date",
            "is_valid",
            "revocation_date",
            "revocation_reason",
            "verification_hash",
            "template_version",
            "course",
            "user",
            "enrollment",
            "created_date",
            "updated_date",
        ]
        read_only_fields = fields

    def get_course(self, obj) -> dict:
        course = obj.enrollment.course
        return {"id": course.pk, "title": course.title, "slug": course.slug}

    def get_user(self, obj) -> dict:
        user = obj.enrollment.user
        return {"id": user.pk, "full_name": user.get_full_name()}


class UserProgressStatsSerializer(serializers.Serializer):
    totalCourses = serializers.IntegerField()
    coursesCompleted = serializers.IntegerField()
    coursesInProgress = serializers.IntegerField()
    totalLessons = serializers.IntegerField()
    completedLessons = serializers.IntegerField()
    completionPercentage = serializers.FloatField()
    assessmentsCompleted = serializers.IntegerField()
    averageScore = serializers.FloatField()
    certificatesEarned = serializers.IntegerField()
    hoursSpent = serializers.FloatField()
    hours_spent = serializers.FloatField()
    totalTimeSpent = serializers.IntegerField()
    recentActivity = serializers.ListField(child=serializers.DictField())
    generatedAt = serializers.DateTimeField()
