"""Reports for those who teach, in the shape they are sent."""

from typing import Any

from instructor_portal.models import CourseInstructor
from rest_framework import serializers

from ..models import Course
from .course import CourseInstructorSerializer


class LearnerNumbersSerializer(serializers.Serializer[Any]):
    """How many learners there are and how far they are; never who."""

    enrolled = serializers.IntegerField()
    completed = serializers.IntegerField()
    average_progress = serializers.FloatField()
    completion_rate = serializers.FloatField()


class ReportedCourseSerializer(serializers.ModelSerializer[Course]):
    """Which course a report is about."""

    class Meta:
        model = Course
        fields: tuple[str, ...] = ("id", "title", "slug", "version", "is_published")
        read_only_fields = fields


class TaughtCourseSerializer(ReportedCourseSerializer):
    """One of the caller's courses; `learners` is null for who may not look at them (policy 6)."""

    is_lead = serializers.SerializerMethodField()
    module_count = serializers.IntegerField(source="visible_module_count", read_only=True)
    lesson_count = serializers.IntegerField(source="visible_lesson_count", read_only=True)
    learners = LearnerNumbersSerializer(read_only=True, allow_null=True)

    class Meta(ReportedCourseSerializer.Meta):
        fields = (
            *ReportedCourseSerializer.Meta.fields,
            *("is_lead", "module_count", "lesson_count", "avg_rating", "total_reviews", "learners"),
        )
        read_only_fields = fields

    def get_is_lead(self, course: Course) -> bool:
        return course.pk in self.context["viewer"].courses_led


class TeachingTotalsSerializer(serializers.Serializer[Any]):
    """Sums over the caller's courses; learners only of those where the caller may look at them."""

    courses = serializers.IntegerField()
    published = serializers.IntegerField()
    drafts = serializers.IntegerField()
    enrolled = serializers.IntegerField()
    completed = serializers.IntegerField()
    reviews = serializers.IntegerField()


class InstructorDashboardSerializer(serializers.Serializer[Any]):
    """What the caller teaches."""

    courses = TaughtCourseSerializer(many=True)
    totals = TeachingTotalsSerializer()
    generated_at = serializers.DateTimeField()


class InstructorShareSerializer(CourseInstructorSerializer):
    """Who teaches the course; what they earn is for its lead and staff (policy 6)."""

    class Meta(CourseInstructorSerializer.Meta):
        fields = (
            *CourseInstructorSerializer.Meta.fields,
            *("role", "is_lead", "revenue_share_percentage"),
        )

    def _process_representation_safely(
        self, data: dict[str, Any], instance: CourseInstructor
    ) -> dict[str, Any]:
        if not self.viewer.may("is_lead", instance.course_id):
            del data["revenue_share_percentage"]
        return data


class ContentNumbersSerializer(serializers.Serializer[Any]):
    """How much there is to learn, hidden modules included."""

    modules = serializers.IntegerField()
    lessons = serializers.IntegerField()
    duration_minutes = serializers.IntegerField()


class LessonNumbersSerializer(serializers.Serializer[Any]):
    """How a lesson is doing with the current learners."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    started = serializers.IntegerField()
    completed = serializers.IntegerField()
    time_spent = serializers.IntegerField()


class AssessmentNumbersSerializer(serializers.Serializer[Any]):
    """Finished attempts at the course's assessments."""

    attempts = serializers.IntegerField()
    passed = serializers.IntegerField()
    average_score = serializers.FloatField()


class ReviewNumbersSerializer(serializers.Serializer[Any]):
    """The approved reviews."""

    total = serializers.IntegerField()
    average_rating = serializers.FloatField()
    by_rating = serializers.DictField(child=serializers.IntegerField())


class CourseAnalyticsSerializer(serializers.Serializer[Any]):
    """Everything that is counted about one course."""

    course = ReportedCourseSerializer()
    learners = LearnerNumbersSerializer()
    content = ContentNumbersSerializer()
    lessons = LessonNumbersSerializer(many=True)
    assessments = AssessmentNumbersSerializer()
    reviews = ReviewNumbersSerializer()
    instructors = InstructorShareSerializer(many=True)
    generated_at = serializers.DateTimeField()
