"""Reviews as readers see them."""

from rest_framework import serializers

from ..models import Review
from .mixins import EnhancedValidationMixin, SecureSerializerMixin
from .people import PersonSerializer


class ReviewSerializer(SecureSerializerMixin, EnhancedValidationMixin, serializers.ModelSerializer[Review]):
    """A review; moderators' notes are for staff. `helpful_votes` is the former name of `helpful_count`."""

    staff_only_fields = ("moderation_notes",)
    text_fields = ("title", "content")

    user = PersonSerializer(read_only=True)
    helpful_votes = serializers.IntegerField(source="helpful_count", read_only=True)

    class Meta:
        model = Review
        fields = (
            "id",
            "user",
            "rating",
            "title",
            "content",
            "helpful_count",
            "helpful_votes",
            "is_verified_purchase",
            "is_approved",
            "moderation_notes",
            "created_date",
            "updated_date",
        )
        read_only_fields = (
            "helpful_count",
            "is_verified_purchase",
            "is_approved",
            "moderation_notes",
            "created_date",
            "updated_date",
        )
