"""Rows that the target's own signals made before the world came to build them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models


def row_with(model: Any, values: dict[str, Any]) -> Any:
    """The row that already holds what only one row may hold of `values`, or None: a second one could not be stored."""
    for names in _unique_together(model):
        wanted = {name: values[name] for name in names if name in values}
        if (
            len(wanted) == len(names)
            and (row := model._base_manager.filter(**wanted).order_by("pk").first()) is not None
        ):
            return row
    return None


def _unique_together(model: Any) -> Iterator[tuple[str, ...]]:
    """What is unique among related rows: one-to-one fields, and constraints that always hold and name a relation."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.OneToOneField) and not field.primary_key:
            yield (field.name,)
    constraints = [
        tuple(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and not constraint.condition
    ]
    for names in [*constraints, *map(tuple, model._meta.unique_together)]:
        if any(_is_relation(model, name) for name in names):
            yield names


def _is_relation(model: Any, name: str) -> bool:
    try:
        return bool(model._meta.get_field(name).is_relation)
    except FieldDoesNotExist:  # a constraint over a field that is gone: the tables were made without it
        return False
