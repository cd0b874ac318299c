"""Reviews of courses: as readers see them, as learners write them, as moderators decide on them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from ..choices import EnrollmentStatus
from ..constants import MAX_CONTENT_LENGTH
from ..models import Course, Review
from ..viewer import Viewer
from ..visibility import visible_courses
from .deprecation import deprecates
from .fields import SpokenBooleanField, VisibleRowField
from .mixins import (
    ANYBODY,
    EnhancedValidationMixin,
    OptimizedQueryMixin,
    SecureSerializerMixin,
    SetOnceMixin,
)
from .people import PersonSerializer

WRITTEN = ("rating", "title", "content")
COUNTED = ("helpful_count", "is_verified_purchase")


@deprecates("helpful_votes")
class ReviewSerializer(
    SetOnceMixin,
    SecureSerializerMixin,
    OptimizedQueryMixin,
    EnhancedValidationMixin,
    serializers.ModelSerializer[Review],
):
    """A review, written by a learner of the course, one each. `helpful_votes` is an alias of `helpful_count`.

    What moderators decide is for staff; authors see whether theirs is shown.
    """

    staff_only_fields = ("is_approved", "moderation_notes")
    text_fields = ("title", "content")
    set_once_fields = ("course_id",)

    user = PersonSerializer(read_only=True)
    course_id = VisibleRowField[Course](source="course", rows=visible_courses, write_only=True)
    helpful_votes = serializers.IntegerField(source="helpful_count", read_only=True)

    class Meta:
        model = Review
        fields = (
            "id",
            "user",
            "course_id",
            *WRITTEN,
            "helpful_count",
            "helpful_votes",
            "is_verified_purchase",
            "is_approved",
            "moderation_notes",
            "created_date",
            "updated_date",
        )
        read_only_fields: tuple[str, ...] = (*COUNTED, "is_approved", "moderation_notes")
        extra_kwargs = {"content": {"max_length": MAX_CONTENT_LENGTH["review"]}}

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Review], viewer: Viewer = ANYBODY) -> QuerySet[Review]:
        return queryset.select_related("user")

    def validate_course_id(self, course: Course) -> Course:
        """Refuses whoever is not a learner of the course."""
        own = course.enrollments.filter(user=self.context["request"].user)
        if not own.exclude(status=EnrollmentStatus.UNENROLLED).exists():
            raise serializers.ValidationError("Only learners of a course review it.")
        return course

    def create(self, validated_data: dict[str, Any]) -> Review:
        """One review per learner and course, also when two are sent at once."""
        course = validated_data.pop("course")
        review, is_new = Review.objects.get_or_create(
            user=self.context["request"].user,
            course=course,
            defaults={**validated_data, "is_verified_purchase": True},
        )
        if not is_new:
            raise serializers.ValidationError({"course_id": ["You have reviewed this course already."]})
        return review

    def _process_representation_safely(self, data: dict[str, Any], instance: Review) -> dict[str, Any]:
        shown = super()._process_representation_safely(data, instance)
        is_author = self.viewer.user is not None and instance.user_id == self.viewer.user.pk
        return {**shown, "is_approved": instance.is_approved} if is_author else shown


class ReviewModerationSerializer(ReviewSerializer):
    """A review in the hands of staff: its words are its author's, whether it is shown is theirs."""

    is_approved = SpokenBooleanField(required=False)

    class Meta(ReviewSerializer.Meta):
        read_only_fields = (*WRITTEN, *COUNTED)
        extra_kwargs = {}
