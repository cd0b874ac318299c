"""What a resource keeps in storage goes with the resource, however that is deleted.

The file goes once the transaction has committed: a deletion that is undone must find it in its place.
"""

import logging
from typing import Any

from django.db.models.signals import post_delete

from .after_commit import after_commit
from .models import Resource
from .storage import delete_object

logger = logging.getLogger(__name__)


def connect() -> None:
    """Watches resources; called when the app is ready."""
    post_delete.connect(_on_delete, sender=Resource, dispatch_uid="stored_files.resource")


def _on_delete(instance: Resource, **kwargs: Any) -> None:
    # The row is gone, and a storage that does not answer must not turn that into an error.
    if instance.file:
        after_commit(_forget_file, instance.file.storage, instance.file.name)
    if instance.storage_key:
        after_commit(_forget_object, instance.storage_key)


def _forget_file(storage: Any, name: str | None) -> None:
    if not Resource.objects.filter(file=name).exists():
        storage.delete(name)


def _forget_object(storage_key: str) -> None:
    # Clones of a course share the stored objects of their source.
    if not Resource.objects.filter(storage_key=storage_key).exists() and not delete_object(storage_key):
        logger.warning("A stored object could not be deleted: %s", storage_key)
