"""Payloads that are no model of their own: uploaded notes, bulk enrolment, feedback, certificate requests."""

from typing import Any

from rest_framework import serializers

from ..constants import MAX_BULK_OPERATIONS, MAX_CONTENT_LENGTH, MAX_RATING, MIN_RATING
from ..models import Course
from ..validators import validate_tags
from ..visibility import visible_courses
from .fields import VisibleRowField
from .mixins import refuse_running_markup


class LessonNotesUploadSerializer(serializers.Serializer[Any]):
    """A note sent to a lesson; private unless said otherwise, in a form too (SER-10)."""

    content = serializers.CharField(max_length=MAX_CONTENT_LENGTH["note"], validators=[refuse_running_markup])
    is_private = serializers.BooleanField(default=True)
    tags = serializers.ListField(
        child=serializers.CharField(validators=[refuse_running_markup]),
        required=False,
        validators=[validate_tags],
    )


class BulkEnrollmentSerializer(serializers.Serializer[Any]):
    """Several users to be enrolled in one course; each of them once."""

    course_id = VisibleRowField[Course](source="course", rows=visible_courses)
    user_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MAX_BULK_OPERATIONS
    )

    def validate_user_ids(self, user_ids: list[int]) -> list[int]:
        return list(dict.fromkeys(user_ids))


class CourseFeedbackSerializer(serializers.Serializer[Any]):
    """An opinion of a course that is not published as a review."""

    rating = serializers.IntegerField(min_value=MIN_RATING, max_value=MAX_RATING)
    comment = serializers.CharField(
        max_length=MAX_CONTENT_LENGTH["review"],
        required=False,
        allow_blank=True,
        validators=[refuse_running_markup],
    )


class CourseCompletionCertificateRequestSerializer(serializers.Serializer[Any]):
    """The course a certificate is asked for."""

    course_id = VisibleRowField[Course](source="course", rows=visible_courses)
