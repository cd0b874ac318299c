"""Many rows like one that is there, stored at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coursegate.factories.filling import fill_unique


def unsaved_copy(row: Any, changes: Mapping[str, Any]) -> Any:
    """A row like another one, with other values; what must be unique is its own."""
    made = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    made.pk = None
    for field in made._meta.concrete_fields:
        if field.unique and not field.primary_key and field.remote_field is None:
            setattr(made, field.attname, field.get_default() if field.has_default() else None)
    fill_unique(made)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def copies(rows: Iterable[tuple[Any, Mapping[str, Any]]]) -> list[Any]:
    """New rows like others, with other values; stored past save() and signals."""
    made = [unsaved_copy(row, changes) for row, changes in rows]
    return list(type(made[0])._base_manager.bulk_create(made))
