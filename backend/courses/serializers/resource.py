"""Resources of lessons."""

from typing import Any

from django.db import models
from rest_framework import serializers

from ..models import Resource
from ..utils import format_duration, format_filesize
from .deprecation import deprecates
from .fields import LinkedFileField
from .mixins import ContextPropagationMixin, EnhancedValidationMixin

SIZES = ("file_size", "duration_minutes")


@deprecates("file_size_display", "duration_display")
class ResourceSerializer(
    ContextPropagationMixin, EnhancedValidationMixin, serializers.ModelSerializer[Resource]
):
    """A resource with its size and duration for people (SER-05, SER-06).

    `format_file_size` and `format_duration` are the canonical pair; `file_size_display` and
    `duration_display` are its deprecated aliases until the next breaking release.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.FileField: LinkedFileField,
    }
    html_fields = ("description",)
    text_fields = ("title",)

    format_file_size = serializers.SerializerMethodField()
    format_duration = serializers.SerializerMethodField()
    file_size_display = serializers.SerializerMethodField(method_name="get_format_file_size")
    duration_display = serializers.SerializerMethodField(method_name="get_format_duration")

    class Meta:
        model = Resource
        fields = (
            "id",
            "lesson",
            "title",
            "type",
            "description",
            "file",
            "url",
            "premium",
            "order",
            "storage_key",
            "uploaded",
            "file_size",
            "mime_type",
            "duration_minutes",
            "download_count",
            "format_file_size",
            "format_duration",
            "file_size_display",
            "duration_display",
            "created_date",
            "updated_date",
        )
        read_only_fields: tuple[str, ...] = ("lesson", "download_count", "created_date", "updated_date")

    def get_format_file_size(self, resource: Resource) -> str | None:
        return format_filesize(resource.file_size)

    def get_format_duration(self, resource: Resource) -> str | None:
        return format_duration(resource.duration_minutes)

    def _process_representation_safely(self, data: dict[str, Any], instance: Resource) -> dict[str, Any]:
        # A corrupt size is unknown, never a number (SER-05).
        corrupt = {name: None for name in SIZES if (getattr(instance, name) or 0) < 0}
        return {**data, **corrupt}
