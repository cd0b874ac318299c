"""Where uploaded files live, one provider per module; all of them have the methods of `StorageProvider`."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .base import StorageProvider
from .gcs import GCSProvider
from .local import LocalProvider
from .s3 import S3Provider

PROVIDERS: dict[str, StorageProvider] = {"local": LocalProvider(), "s3": S3Provider(), "gcs": GCSProvider()}


def current_provider() -> StorageProvider:
    """The provider that the settings name now; ImproperlyConfigured for an unknown name."""
    name = settings.CLOUD_STORAGE_PROVIDER
    if name not in PROVIDERS:
        raise ImproperlyConfigured(
            f"CLOUD_STORAGE_PROVIDER must be one of {sorted(PROVIDERS)}, not {name!r}."
        )
    return PROVIDERS[name]


__all__ = ["PROVIDERS", "GCSProvider", "LocalProvider", "S3Provider", "StorageProvider", "current_provider"]
