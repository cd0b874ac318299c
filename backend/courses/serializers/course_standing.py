"""A learner's standing in one course as a whole."""

from typing import Any

from rest_framework import serializers

from ..utils import calculate_completion_percentage
from .enrolment import EnrollmentSerializer, ProgressSerializer, course_name


class CourseStandingSerializer(serializers.Serializer[Any]):
    """From an eagerly loaded enrolment and its progress rows: both, and what they add up to."""

    course = serializers.SerializerMethodField()
    enrollment = EnrollmentSerializer(read_only=True)
    progress = ProgressSerializer(many=True, read_only=True)
    total_lessons = serializers.IntegerField(source="enrollment.total_lessons", read_only=True)
    completed_lessons = serializers.IntegerField(source="enrollment.completed_lessons", read_only=True)
    progress_percentage = serializers.SerializerMethodField()
    total_time_spent = serializers.IntegerField(source="enrollment.total_time_spent", read_only=True)

    def get_course(self, standing: dict[str, Any]) -> dict[str, Any]:
        return course_name(standing["enrollment"].course)

    def get_progress_percentage(self, standing: dict[str, Any]) -> int:
        own = standing["enrollment"]
        return int(calculate_completion_percentage(own.completed_lessons, own.total_lessons))
