"""Payloads of uploads and requests."""

from rest_framework import serializers

from ..constants import MAX_BULK_OPERATIONS
from ..utils.sanitisation import sanitize_html_content
from ..validators import validate_tags


class LessonNotesUploadSerializer(serializers.Serializer):
    """Notes are private unless their author says otherwise."""

    content = serializers.CharField(max_length=10000)
    is_private = serializers.BooleanField(default=True)
    tags = serializers.ListField(child=serializers.CharField(max_length=50), required=False, default=list)

    def validate_content(self, value):
        return sanitize_html_content(value)

    def validate_tags(self, value):
        validate_tags(value)
        return value


class BulkEnrollmentSerializer(serializers.Serializer):
    course_id = serializers.IntegerField(min_value=1)
    user_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MAX_BULK_OPERATIONS
    )


class CourseFeedbackSerializer(serializers.Serializer):
    rating = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=5000)

    def validate_comment(self, value):
        return sanitize_html_content(value)


class CourseCompletionCertificateRequestSerializer(serializers.Serializer):
    enrollment_id = serializers.IntegerField(min_value=1)
