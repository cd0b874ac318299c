"""Uploads straight to object storage. Credentials are looked at when they are needed, never at import."""

import logging
import mimetypes
import threading
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError

from .constants import ALLOWED_EXTENSIONS, ALLOWED_MIME_TYPES, MAX_FILE_SIZE
from .storage_backends import gcs as _gcs
from .storage_backends import local as _local
from .storage_backends import s3 as _s3
from .utils.naming import generate_unique_identifier, get_file_extension

logger = logging.getLogger(__name__)
STORAGE_PROVIDER = getattr(settings, "CLOUD_STORAGE_PROVIDER", "local") or "local"
STORAGE_BUCKET = getattr(settings, "CLOUD_STORAGE_BUCKET", "")
_storage_config_lock = threading.Lock()
_storage_config_validated = False
OCTET_STREAM = "application/octet-stream"
ALLOWED_UPLOAD_TYPES = frozenset(kind for kinds in ALLOWED_MIME_TYPES.values() for kind in kinds) | {OCTET_STREAM}


def _provider():
    return getattr(settings, "CLOUD_STORAGE_PROVIDER", "local") or "local"


def _bucket():
    return getattr(settings, "CLOUD_STORAGE_BUCKET", "") or STORAGE_BUCKET


def _backend():
    return {"s3": _s3, "gcs": _gcs}.get(_provider(), _local)


def _missing_configuration():
    provider = _provider()
    if provider not in {"s3", "gcs", "local"}:
        return f"unknown storage provider {provider!r}"
    if provider == "local":
        return None
    if not _bucket():
        return "CLOUD_STORAGE_BUCKET is not set"
    return _backend().missing_credentials()


def _validate_storage_config(raise_error=False):
    """Whether uploads can work now. A worker that starts before its credentials only gets a warning."""
    global _storage_config_validated
    problem = _missing_configuration()
    with _storage_config_lock:
        _storage_config_validated = problem is None
    if problem is None:
        return True
    if raise_error:
        raise ImproperlyConfigured(f"Object storage: {problem}")
    logger.warning("Object storage: %s", problem)
    return False


@lru_cache(maxsize=256)
def _infer_content_type_from_extension(file_extension):
    """Content type of ".ext", always one that uploads accept."""
    extension = str(file_extension or "").strip().lower().lstrip(".")
    guess = mimetypes.guess_type(f"file.{extension}")[0] if extension else None
    return guess if guess in ALLOWED_UPLOAD_TYPES else OCTET_STREAM


def generate_presigned_post(file_name, content_type=None, max_size=None, expiration=3600):
    """Form fields with which a browser uploads one file."""
    extension = get_file_extension(file_name)
    content_type = content_type or _infer_content_type_from_extension(f".{extension}")
    if content_type not in ALLOWED_UPLOAD_TYPES:
        raise ValidationError("This type of file is not allowed.", code="invalid_content_type")
    _validate_storage_config(raise_error=True)
    suffix = f".{extension}" if extension else ""
    storage_key = f"resources/{generate_unique_identifier(length=32)}{suffix}"
    max_size = max_size or MAX_FILE_SIZE["video"]
    if _provider() == "s3":
        return _generate_s3_presigned_post(storage_key, content_type, max_size, expiration)
    if _provider() == "gcs":
        return _generate_gcs_presigned_post(storage_key, content_type, max_size, expiration)
    return _generate_dummy_presigned_post(storage_key)


def _generate_s3_presigned_post(storage_key, content_type, max_size, expiration):
    return _s3.presigned_post(_bucket(), storage_key, content_type, max_size, expiration)


def _generate_gcs_presigned_post(storage_key, content_type, max_size, expiration):
    return _gcs.presigned_post(_bucket(), storage_key, content_type, max_size, expiration)


def _generate_dummy_presigned_post(storage_key):
    """For the local provider only: production providers fail rather than hand out this."""
    content_type = _infer_content_type_from_extension(f".{get_file_extension(storage_key)}")
    return _local.presigned_post("", storage_key, content_type, None, None)


def delete_object(storage_key):
    return bulk_delete_objects([storage_key]) == 1


def bulk_delete_objects(storage_keys):
    """Number of deleted objects."""
    keys = [key for key in storage_keys if key]
    if not keys:
        return 0
    _validate_storage_config(raise_error=True)
    if _provider() == "s3":
        return _bulk_delete_s3_objects(keys)
    if _provider() == "gcs":
        return _bulk_delete_gcs_objects(keys)
    return _local.delete("", keys)


def _bulk_delete_s3_objects(storage_keys):
    return _s3.delete(_bucket(), storage_keys)


def _bulk_delete_gcs_objects(storage_keys):
    return _gcs.delete(_bucket(), storage_keys)


def _delete_s3_object(storage_key):
    return _bulk_delete_s3_objects([storage_key]) == 1


def _delete_gcs_object(storage_key):
    return _bulk_delete_gcs_objects([storage_key]) == 1


def get_public_url(storage_key):
    return _backend().public_url(_bucket(), storage_key) if storage_key else ""


def validate_file_upload(file_name, content_type, file_size, max_size=None):
    """Refuse by name, type and size before a byte is accepted."""
    extension = get_file_extension(file_name)
    known = {name for names in ALLOWED_EXTENSIONS.values() for name in names}
    if extension not in known:
        raise ValidationError("This kind of file is not allowed.", code="invalid_extension")
    if content_type and content_type not in ALLOWED_UPLOAD_TYPES:
        raise ValidationError("This type of file is not allowed.", code="invalid_content_type")
    if not isinstance(file_size, int) or not 0 <= file_size <= (max_size or MAX_FILE_SIZE["video"]):
        raise ValidationError("The file is too large.", code="file_too_large")
    return True


def get_file_metadata(storage_key):
    _validate_storage_config(raise_error=True)
    return _backend().metadata(_bucket(), storage_key)


def _get_s3_file_metadata(storage_key):
    return _s3.metadata(_bucket(), storage_key)


def _get_gcs_file_metadata(storage_key):
    return _gcs.metadata(_bucket(), storage_key)


def check_storage_health():
    problem = _missing_configuration()
    return {"provider": _provider(), "healthy": problem is None, "detail": problem or "configured"}


_check_s3_health = _check_gcs_health = check_storage_health


def get_storage_stats():
    return {"provider": _provider(), "bucket": _bucket(), "configured": _missing_configuration() is None}


_get_s3_stats = _get_gcs_stats = get_storage_stats

__all__ = [
    "generate_presigned_post",
    "delete_object",
    "bulk_delete_objects",
    "get_public_url",
    "validate_file_upload",
    "get_file_metadata",
    "check_storage_health",
    "get_storage_stats",
    "_infer_content_type_from_extension",
    "_validate_storage_config",
]

if _missing_configuration():
    _validate_storage_config()
