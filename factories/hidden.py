"""Changing a world behind somebody's back: rows added and removed as the target's own code would, fields rewritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.test import TestCase

from coursegate.contracts.world import WorldObject
from coursegate.contracts.world_values import Reference
from coursegate.factories.planting import FILLER, planted
from coursegate.factories.world import build_further
from coursegate.harness.deadline import TimeLimitExceeded, deadline
from coursegate.harness.world import World

SECONDS_PER_ROW = 5.0
# What is rewritten is as much longer as the column allows: a text of which only the length is told gives itself away.
LONGER = " ".join(["another text than before.", *[FILLER] * 100])
# Further rows stand behind all others of their parent.
BEHIND = 70_000


def add_alike(world: World, names: Sequence[str]) -> list[str]:
    """Build another row like each of the objects; what hangs below one that is copied hangs below its copy.

    Returns the objects that have a copy now; where the target takes no second row of the kind there is none.
    """
    copies = {name: f"another-{name}" for name in names}
    items = [_copy(world.contract.objects[name], copies) for name in names]
    with TestCase.captureOnCommitCallbacks(execute=True):
        built = build_further(world, items)
    return [name for name, copy in copies.items() if copy in built]


def add_many(world: World, name: str, below: str, amount: int) -> bool:
    """Build that many rows like an object, below another parent of its kind. Returns whether all of them stand."""
    objects = world.contract.objects
    fields = {
        field: Reference(below)
        if isinstance(value, Reference) and objects[value.name].model == objects[below].model
        else value
        for field, value in objects[name].fields.items()
    }
    moved = replace(objects[name], fields=fields)
    items = [
        _copy(moved, {name: f"another-{name}-{number}"}, behind=BEHIND + number)
        for number in range(1, amount + 1)
    ]
    with TestCase.captureOnCommitCallbacks(execute=True):
        return len(build_further(world, items)) == amount


def _copy(item: WorldObject, copies: dict[str, str], behind: int = BEHIND) -> WorldObject:
    fields: dict[str, Any] = {
        name: Reference(copies.get(value.name, value.name)) if isinstance(value, Reference) else value
        for name, value in item.fields.items()
    }
    if isinstance(fields.get("order"), int):
        fields["order"] += behind
    return replace(item, name=copies[item.name], fields=fields)


def remove(world: World, name: str) -> bool:
    """Delete the row of an object. Returns whether it is gone: a target may keep what hangs together."""
    model = world.contract.objects[name].model
    if (deleting := f"deleting {model}") in world.hanging:
        return False
    rows = apps.get_model(model)._base_manager.filter(pk=world.ids[name])
    try:
        with deadline(SECONDS_PER_ROW), transaction.atomic():
            rows.delete()
    except TimeLimitExceeded as hang:
        world.hanging[deleting] = str(hang)
        return False
    except Exception:  # whatever a foreign model raises: then this row stays
        return False
    return True


@contextmanager
def moments_kept(world: World, names: Set[str]) -> Iterator[None]:
    """Whatever is done inside: the columns of these names that hold a moment stand afterwards as they stood before."""
    found = {item.model for item in world.contract.objects.values() if item.name in world.ids}
    before = {model: _moments(model, names) for model in sorted(found)}
    yield
    for model, rows in before.items():
        for key, moments in _moments(model, names).items():
            if rows.get(key, moments) != moments:
                stored(model, key, rows[key])


def _moments(model: str, names: Set[str]) -> dict[Any, dict[str, Any]]:
    """Key of each row -> its columns of these names that hold a moment."""
    known = apps.get_model(model)
    columns = [
        field.attname
        for field in known._meta.concrete_fields
        if isinstance(field, models.DateTimeField) and field.name in names
    ]
    rows = known._base_manager.values_list("pk", *columns) if columns else ()
    return {key: dict(zip(columns, moments, strict=True)) for key, *moments in rows}


def rewritten(world: World, name: str, fields: Sequence[str], token: str) -> dict[str, Any]:
    """Other values for fields of an object, each with the token in it, and long; without those that can carry none."""
    item = world.contract.objects[name]
    model = apps.get_model(item.model)
    found = {}
    for field in fields:
        known = model._meta.get_field(field)
        own = unique_token(token, name) if known.unique else token
        value = planted(known, own, LONGER)
        if isinstance(value, str):
            found[field] = value
    return found


def stored(model: str, key: Any, values: dict[str, Any]) -> bool:
    """Write columns of a row past its save(). Returns whether there is such a row, and the database takes them."""
    try:
        with transaction.atomic():
            return (
                bool(apps.get_model(model)._base_manager.filter(pk=key).update(**values)) if values else False
            )
    except Exception:  # whatever a foreign column raises: then the row stays as it is
        return False


def unique_token(token: str, name: str) -> str:
    """A token for a field of which no two rows may hold the same."""
    return f"{token}-{name}"
