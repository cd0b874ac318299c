"""Many rows like one that is there, stored at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coursegate.factories.filling import fill_unique


def copies(rows: Iterable[tuple[Any, dict[str, Any]]]) -> list[Any]:
    """New rows like others, with other values; stored past save() and signals."""
    made = []
    for row, changes in rows:
        copied = type(row)(
            **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        )
        copied.pk = None
        for field in copied._meta.concrete_fields:
            if field.unique and not field.primary_key and field.remote_field is None:
                setattr(copied, field.attname, field.get_default() if field.has_default() else None)
        for name, value in changes.items():
            setattr(copied, name, value)
        fill_unique(copied)
        made.append(copied)
    return list(type(made[0])._base_manager.bulk_create(made))
