"""Uploaded files: checked, addressed, deleted, wherever the settings say they live.

Importing this module never fails for want of credentials, it logs a warning; a call that needs them raises
ImproperlyConfigured, and the next one works once they are there (STO-02).
"""

import logging
import threading
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext_lazy as _

from .constants import ALLOWED_MIME_TYPES, EXTENSION_CONTENT_TYPES
from .storage_providers import PROVIDERS, StorageProvider, current_provider
from .utils import get_file_extension, validate_file_security

logger = logging.getLogger(__name__)

DEFAULT_CONTENT_TYPE = "application/octet-stream"
UPLOAD_CONTENT_TYPES = frozenset(
    {DEFAULT_CONTENT_TYPE, *(content_type for types in ALLOWED_MIME_TYPES.values() for content_type in types)}
)
MAX_UPLOAD_SIZE = 100 * 1024 * 1024
UPLOAD_EXPIRATION = 3600

STORAGE_PROVIDER = settings.CLOUD_STORAGE_PROVIDER
STORAGE_BUCKET = settings.CLOUD_STORAGE_BUCKET
_storage_config_lock = threading.Lock()
_storage_config_validated = False


def _validate_storage_config() -> bool:
    """Whether the configuration is complete now; logs a warning for each thing missing, never raises."""
    global _storage_config_validated
    try:
        problems = current_provider().problems()
    except ImproperlyConfigured as error:
        problems = [str(error)]
    with _storage_config_lock:
        _storage_config_validated = not problems
    for problem in problems:
        logger.warning("Storage is not ready: %s", problem)
    return not problems


def _infer_content_type_from_extension(file_extension: str | None) -> str:
    """The type a file with this `.ext` is stored as, one of UPLOAD_CONTENT_TYPES; never raises (STO-01)."""
    extension = str(file_extension or "").strip().lower()
    return EXTENSION_CONTENT_TYPES.get(f".{extension.removeprefix('.')}", DEFAULT_CONTENT_TYPE)


def validate_file_upload(
    file_name: str, content_type: str, file_size: int, max_size: int = MAX_UPLOAD_SIZE
) -> None:
    """ValidationError for a name, type or size that may not be uploaded."""
    validate_file_security(file_name)
    if content_type not in UPLOAD_CONTENT_TYPES:
        raise ValidationError(_("Files of this type are not allowed."), code="invalid_content_type")
    if not 0 < file_size <= max_size:
        raise ValidationError(_("The file is empty or too large."), code="invalid_file_size")


def require_storage() -> None:
    """ImproperlyConfigured, naming what is missing, unless the storage can take and give files now (STO-02)."""
    if problems := current_provider().problems():
        raise ImproperlyConfigured(f"Storage is not ready: {'; '.join(problems)}.")


def generate_presigned_post(
    file_name: str,
    content_type: str | None = None,
    max_size: int = MAX_UPLOAD_SIZE,
    expiration: int = UPLOAD_EXPIRATION,
) -> dict[str, Any]:
    """`{url, fields, storage_key}` for one upload under a new key.

    ValidationError for a file that may not be uploaded; ImproperlyConfigured without credentials, except
    under DEBUG, where the local form stands in.
    """
    extension = get_file_extension(file_name)
    content_type = content_type or _infer_content_type_from_extension(extension)
    validate_file_upload(file_name, content_type, max_size, max_size)
    storage_key = f"resources/{uuid.uuid4().hex}{extension}"
    provider = current_provider()
    if settings.DEBUG and provider.problems():
        return _generate_dummy_presigned_post(storage_key)
    return provider.presigned_post(storage_key, content_type, max_size, expiration)


def _generate_dummy_presigned_post(storage_key: str) -> dict[str, Any]:
    """The local form, for development without a cloud."""
    content_type = _infer_content_type_from_extension(get_file_extension(storage_key))
    return PROVIDERS["local"].presigned_post(storage_key, content_type, MAX_UPLOAD_SIZE, UPLOAD_EXPIRATION)


def delete_object(storage_key: str) -> bool:
    """Delete the object; True when it is gone."""
    return current_provider().delete(storage_key)


def bulk_delete_objects(storage_keys: Iterable[str]) -> dict[str, list[str]]:
    """`{deleted, failed}`, each a list of keys."""
    return current_provider().bulk_delete(storage_keys)


def get_public_url(storage_key: str) -> str:
    """The object's address."""
    return current_provider().public_url(storage_key)


def get_file_metadata(storage_key: str) -> dict[str, Any] | None:
    """`{size, content_type, last_modified}`; None when there is no such object."""
    return current_provider().metadata(storage_key)


def check_storage_health() -> dict[str, Any]:
    """`{provider, healthy, detail}`; never raises."""
    try:
        return current_provider().health()
    except ImproperlyConfigured as error:
        return {"provider": settings.CLOUD_STORAGE_PROVIDER, "healthy": False, "detail": str(error)}


def get_storage_stats() -> dict[str, int]:
    """`{objects, bytes}` over everything stored."""
    return current_provider().stats()


# The providers' methods under their former names.
_s3: StorageProvider = PROVIDERS["s3"]
_gcs: StorageProvider = PROVIDERS["gcs"]
_generate_s3_presigned_post, _generate_gcs_presigned_post = _s3.presigned_post, _gcs.presigned_post
_delete_s3_object, _delete_gcs_object = _s3.delete, _gcs.delete
_bulk_delete_s3_objects, _bulk_delete_gcs_objects = _s3.bulk_delete, _gcs.bulk_delete
_get_s3_file_metadata, _get_gcs_file_metadata = _s3.metadata, _gcs.metadata
_check_s3_health, _check_gcs_health = _s3.health, _gcs.health
_get_s3_stats, _get_gcs_stats = _s3.stats, _gcs.stats

_validate_storage_config()

__all__ = [
    "_infer_content_type_from_extension",
    "_validate_storage_config",
    "bulk_delete_objects",
    "check_storage_health",
    "delete_object",
    "generate_presigned_post",
    "get_file_metadata",
    "get_public_url",
    "get_storage_stats",
    "require_storage",
    "validate_file_upload",
]
