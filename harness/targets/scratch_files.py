"""Files that a target stores, wherever it says: kept in a folder of the gate's.

`STORAGES` are not the only place that says so: a field names a storage of its own, as an object or by a callable.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.functional import LazyObject
from django.utils.module_loading import import_string

STAND_IN = "coursegate.harness.targets.scratch_files.stand_in"


def stand_in(*, own: str, folder: str, options: dict[str, Any]) -> Any:
    """The storage of an alias, as STORAGES asks for it: the target's own class where it stores in a folder.

    Args:
        own: dotted name of that class.
        folder: where the files go.
        options: what the target gives that class.
    """
    from django.core.files.storage import FileSystemStorage

    try:
        kind = import_string(own)
    except ImportError:  # of a bucket's library, which nobody needs here
        kind = None
    if isinstance(kind, type) and issubclass(kind, FileSystemStorage):
        return kept_in(kind(**options), Path(folder))
    return FileSystemStorage(location=folder, base_url=_address(options.get("base_url")))


def kept_in(storage: Any, folder: Path) -> Any:
    """A storage that writes into the folder: the same object where it can be told so, else Django's own in its place."""
    from django.core.files.storage import FileSystemStorage, InMemoryStorage

    if isinstance(storage, InMemoryStorage):
        return storage
    if not isinstance(storage, FileSystemStorage):
        return FileSystemStorage(location=folder)
    # The object stays: whoever else holds it writes into the folder, too, and its addresses are the team's.
    vars(storage)["_location"] = str(folder)
    for cached in ("base_location", "location"):
        if cached in vars(storage):
            delattr(storage, cached)
    if Path(storage.location) != folder.absolute():  # a class that says itself where
        return FileSystemStorage(location=folder, base_url=_address(storage.base_url))
    return storage


def keep_files_in(scratch: Path, note: Callable[[str], None]) -> Callable[..., None]:
    """A receiver of `class_prepared` that sees to the file fields of each model before anybody stores a file.

    Args:
        note: is told each field, `app.Model.field`, whose storage is not one of STORAGES.
    """
    ours = scratch / "files"

    def keep_files(sender: type[Any], **_kwargs: Any) -> None:
        from django.db.models import FileField

        for field in sender._meta.local_fields:
            if not isinstance(field, FileField) or _is_harmless(field.storage):
                continue
            if not _is_below(field.storage, scratch):
                _keep(field, ours / f"{sender._meta.label_lower}.{field.name}")
            elif not _is_below(field.storage, ours):  # one of STORAGES
                continue
            note(f"{sender._meta.label}.{field.name}")

    return keep_files


def _keep(field: Any, folder: Path) -> None:
    own = field.storage
    # One that is made late is made by now: the field has asked whether it is there.
    field.storage = kept_in(own._wrapped if isinstance(own, LazyObject) else own, folder)
    if field.storage is not own and not hasattr(field, "_storage_callable"):
        # What the field says of itself to migrations stays as the team wrote it.
        field._storage_callable = own


def _is_harmless(storage: Any) -> bool:
    """Whether a storage is the default one, which is not to be made so early, or in memory."""
    from django.core.files.storage import DefaultStorage, InMemoryStorage

    return type(storage) is DefaultStorage or isinstance(storage, InMemoryStorage)


def _is_below(storage: Any, folder: Path) -> bool:
    """Whether a storage writes below a folder."""
    from django.core.files.storage import FileSystemStorage

    return isinstance(storage, FileSystemStorage) and Path(storage.location).is_relative_to(folder)


def _address(said: Any) -> str | None:
    return said if isinstance(said, str) else None
