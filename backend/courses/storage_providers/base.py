"""What a storage provider can do, and what the cloud ones have in common."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class StorageProvider(ABC):
    """A place for uploaded files, addressed by storage key."""

    name: ClassVar[str]

    @abstractmethod
    def problems(self) -> list[str]:
        """What is missing before the provider can work; looked up each time, without network (STO-02)."""

    @abstractmethod
    def presigned_post(
        self, storage_key: str, content_type: str, max_size: int, expiration: int
    ) -> dict[str, Any]:
        """`{url, fields, storage_key}` for one upload by the browser."""

    @abstractmethod
    def delete(self, storage_key: str) -> bool:
        """Delete the object; a missing one counts as deleted."""

    @abstractmethod
    def public_url(self, storage_key: str) -> str:
        """The object's address."""

    @abstractmethod
    def metadata(self, storage_key: str) -> dict[str, Any] | None:
        """`{size, content_type, last_modified}`; None when there is no such object."""

    @abstractmethod
    def stats(self) -> dict[str, int]:
        """`{objects, bytes}` over everything stored."""

    @abstractmethod
    def ping(self) -> None:
        """Reach the storage once; raises whatever the provider raises when it cannot."""

    def bulk_delete(self, storage_keys: Iterable[str]) -> dict[str, list[str]]:
        """`{deleted, failed}`: one object's failure does not keep the others."""
        result: dict[str, list[str]] = {"deleted": [], "failed": []}
        for storage_key in storage_keys:
            result["deleted" if self.delete(storage_key) else "failed"].append(storage_key)
        return result

    def health(self) -> dict[str, Any]:
        """`{provider, healthy, detail}`; never raises."""
        problems = self.problems()
        if not problems:
            try:
                self.ping()
            except Exception as error:  # a health answer must come whatever a library raises
                problems = [type(error).__name__]
        return {"provider": self.name, "healthy": not problems, "detail": "; ".join(problems) or "ok"}


class CloudProvider(StorageProvider):
    """A provider with a bucket, credentials and a library that is imported on first use."""

    library: ClassVar[str]

    @property
    def bucket(self) -> str:
        return str(settings.CLOUD_STORAGE_BUCKET)

    @abstractmethod
    def has_credentials(self) -> bool:
        """Whether credentials are within reach, in the settings or the environment."""

    def problems(self) -> list[str]:
        return [
            problem
            for problem, applies in (
                ("CLOUD_STORAGE_BUCKET is not set", not self.bucket),
                (f"{self.name} credentials are missing", not self.has_credentials()),
                (f"the library {self.library} is not installed", not self._is_installed()),
            )
            if applies
        ]

    def module(self) -> ModuleType:
        """The provider's library; ImproperlyConfigured naming everything that is missing (STO-02)."""
        if problems := self.problems():
            raise ImproperlyConfigured(f"Storage provider {self.name}: {'; '.join(problems)}.")
        return import_module(self.library)

    def _is_installed(self) -> bool:
        try:
            return find_spec(self.library) is not None
        except (ModuleNotFoundError, ValueError):
            # ValueError: a module without a spec is loaded under this name.
            return self.library in sys.modules


def configured(name: str) -> str:
    """A value from the settings, else from the environment as it is now."""
    return str(getattr(settings, name, "") or os.environ.get(name, ""))
