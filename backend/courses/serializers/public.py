"""What the operations for everybody answer: search, featured content, certificate verification."""

from typing import Any

from rest_framework import serializers

from ..access_levels import GUEST, PREMIUM, REGISTERED
from .category import CategorySerializer
from .course import CourseSerializer


class LevelMetadataSerializer(serializers.Serializer[Any]):
    """What a client needs to decide on its banners (UX-03)."""

    user_access_level = serializers.ChoiceField(choices=[GUEST, REGISTERED, PREMIUM])


class PageMetadataSerializer(LevelMetadataSerializer):
    """The same for an answer in pages."""

    page_size = serializers.IntegerField()
    current_page = serializers.IntegerField()
    total_pages = serializers.IntegerField()


class ShelfSerializer(serializers.Serializer[Any]):
    """Courses and categories, each as lists show them."""

    courses = CourseSerializer(many=True)
    categories = CategorySerializer(many=True)


class SearchAnswerSerializer(serializers.Serializer[Any]):
    """One page of what was found; `total_results` counts all of it (UX-02)."""

    query = serializers.CharField()
    total_results = serializers.IntegerField()
    search_type = serializers.CharField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ShelfSerializer()
    metadata = PageMetadataSerializer()


class FeaturedContentSerializer(ShelfSerializer):
    """The shop window."""

    metadata = LevelMetadataSerializer()


class ErrorSerializer(serializers.Serializer[Any]):
    """Why there is no answer."""

    error = serializers.CharField()


class CertificateVerificationSerializer(serializers.Serializer[Any]):
    """What a certificate's number proves; the last two only of one that was revoked."""

    is_valid = serializers.BooleanField()  # type: ignore[assignment]  # DRF keeps the method
    certificate_number = serializers.CharField()
    issue_date = serializers.DateTimeField()
    course_title = serializers.CharField()
    student_name = serializers.CharField()
    verification_hash = serializers.CharField()
    verified_at = serializers.DateTimeField()
    revocation_date = serializers.DateTimeField(required=False)
    revocation_reason = serializers.CharField(required=False)


class UnverifiedSerializer(serializers.Serializer[Any]):
    """There is no such certificate, whatever the number looks like (VIEW-11)."""

    is_valid = serializers.BooleanField()  # type: ignore[assignment]  # DRF keeps the method
    detail = serializers.CharField()
