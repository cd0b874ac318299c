"""The part of a larger world that is stored in batches: past save() and signals, or it would take minutes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import models

from coursegate.contracts.world import WorldObject
from coursegate.factories.existing import row_with
from coursegate.factories.filling import fill_unique

MOST_PER_BATCH = 500


def batches(objects: Iterable[WorldObject]) -> Iterator[list[WorldObject]]:
    """Grown objects of one entry together, at most `MOST_PER_BATCH`; every other object alone."""
    for grown, group in groupby(objects, key=lambda item: item.line if item.grown else 0):
        items = list(group)
        step = MOST_PER_BATCH if grown else 1
        for start in range(0, len(items), step):
            yield items[start : start + step]


def completed(item: WorldObject, instance: Any) -> Any:
    """The instance with what its save() would have added: a slug, and whatever must be unique."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, models.SlugField) and not getattr(instance, field.attname):
            setattr(instance, field.attname, item.name)
    fill_unique(instance)
    return instance


def rows_in_the_way(model: Any, wanted: Iterable[dict[str, Any]], known: Container[Any]) -> list[Any]:
    """Keys of rows that signals made for what was saved before, where the world has something else to say."""
    found = (row_with(model, values) for values in wanted)
    return [row.pk for row in found if row is not None and row.pk not in known]


def stored_rows(model: Any, instances: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """The rows of instances by primary key, as they stand in the database."""
    keys = [instance.pk for instance in instances]
    return {row[model._meta.pk.attname]: row for row in model._base_manager.filter(pk__in=keys).values()}
