"""Resources as those who teach write them: what may be uploaded, and what is refused (SER-05, SEC-01)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import RegexValidator
from rest_framework import serializers

from ..choices import ResourceType
from ..constants import MAX_CONTENT_LENGTH, MAX_FILE_SIZE
from ..models import Resource
from ..storage import (
    MAX_UPLOAD_SIZE,
    _infer_content_type_from_extension,
    get_file_metadata,
    require_storage,
    validate_file_upload,
)
from ..utils import get_file_extension
from ..validators import MAX_DURATION, validate_document_file, validate_image_file, validate_video_file
from .drafts import NO_UNIQUENESS, PlacedSerializerMixin, order_field
from .mixins import AuditTrailMixin
from .resource import ResourceSerializer

SOURCES = ("file", "url", "storage_key")
FILE_VALIDATORS: Mapping[str, Callable[[Any], None]] = {
    ResourceType.DOCUMENT: validate_document_file,
    ResourceType.IMAGE: validate_image_file,
    ResourceType.VIDEO: validate_video_file,
}
# The keys that generate_presigned_post draws; any other path could be somebody else's file.
STORAGE_KEY = RegexValidator(r"\Aresources/[A-Za-z0-9][A-Za-z0-9._-]*\Z", "Enter a key of this storage.")


class ResourceWriteSerializer(PlacedSerializerMixin, AuditTrailMixin, ResourceSerializer):
    """A new resource of the lesson in the context.

    Uploads and stored objects need a working storage (ImproperlyConfigured), links do not.
    """

    order = order_field()

    class Meta(ResourceSerializer.Meta):
        read_only_fields = (*ResourceSerializer.Meta.read_only_fields, "uploaded", "mime_type")
        validators = NO_UNIQUENESS
        extra_kwargs: Mapping[str, Mapping[str, Any]] = {
            "title": {"required": True},
            "description": {"max_length": MAX_CONTENT_LENGTH["description"]},
            "storage_key": {"validators": [STORAGE_KEY]},
            "file_size": {"min_value": 0, "max_value": 2**63 - 1},
            "duration_minutes": {"min_value": 0, "max_value": MAX_DURATION},
        }

    def validate_storage_key(self, storage_key: str | None) -> str | None:
        # Whoever deletes a resource deletes its object: nobody may lay claim to another one's.
        if storage_key and Resource.objects.filter(storage_key=storage_key).exists():
            raise serializers.ValidationError("Another resource has this key.")
        return storage_key

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate({**attrs, "lesson": self.context["lesson"]})
        if attrs["type"] == ResourceType.LINK and not attrs.get("url"):
            raise serializers.ValidationError({"url": ["A link needs an address."]})
        if not any(attrs.get(name) for name in SOURCES):
            raise serializers.ValidationError({"file": [f"One of {', '.join(SOURCES)} is required."]})
        if upload := attrs.get("file"):
            _check_upload(attrs["type"], upload)
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Resource:
        if validated_data.get("file"):
            require_storage()
            validated_data["uploaded"] = True
        elif storage_key := validated_data.get("storage_key"):
            validated_data |= _what_is_stored(storage_key)
        resource: Resource = super().create(validated_data)
        return resource


def _check_upload(resource_type: str, upload: Any) -> None:
    declared = upload.content_type or _infer_content_type_from_extension(get_file_extension(upload.name))
    try:
        validate_file_upload(
            upload.name, declared, upload.size, MAX_FILE_SIZE.get(resource_type, MAX_UPLOAD_SIZE)
        )
        FILE_VALIDATORS.get(resource_type, _anything)(upload)
    except DjangoValidationError as error:
        raise serializers.ValidationError({"file": error.messages}) from None


def _anything(upload: Any) -> None:
    """For the types that any known kind of file will do for."""


def _what_is_stored(storage_key: str) -> dict[str, Any]:
    """What the storage knows of the object; a browser may still be busy with its upload."""
    require_storage()
    stored = get_file_metadata(storage_key)
    if stored is None:
        return {"uploaded": False}
    return {"uploaded": True, "file_size": stored["size"], "mime_type": stored["content_type"]}
