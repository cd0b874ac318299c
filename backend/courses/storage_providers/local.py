"""Files in Django's default storage: development and small shops."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from ..constants import EXTENSION_CONTENT_TYPES
from ..utils import get_file_extension
from .base import StorageProvider


class LocalProvider(StorageProvider):
    """Django's default storage; uploads go through the application itself."""

    name = "local"

    def problems(self) -> list[str]:
        return []

    def presigned_post(
        self, storage_key: str, content_type: str, max_size: int, expiration: int
    ) -> dict[str, Any]:
        return {
            "url": settings.MEDIA_URL,
            "fields": {"key": storage_key, "Content-Type": content_type},
            "storage_key": storage_key,
        }

    def delete(self, storage_key: str) -> bool:
        try:
            default_storage.delete(storage_key)
        except OSError:
            return False
        return True

    def public_url(self, storage_key: str) -> str:
        return str(default_storage.url(storage_key))

    def metadata(self, storage_key: str) -> dict[str, Any] | None:
        if not default_storage.exists(storage_key):
            return None
        return {
            "size": default_storage.size(storage_key),
            "content_type": EXTENSION_CONTENT_TYPES.get(get_file_extension(storage_key)),
            "last_modified": default_storage.get_modified_time(storage_key),
        }

    def stats(self) -> dict[str, int]:
        sizes = [default_storage.size(storage_key) for storage_key in _walk("")]
        return {"objects": len(sizes), "bytes": sum(sizes)}

    def ping(self) -> None:
        default_storage.exists("ping")


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        # Nothing has been uploaded yet.
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from _walk(prefix + name)
