"""Values for fields nobody told us about: a target may require more than the audited backend did."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone


@dataclass
class Filled:
    """How many values there are: each has the number of its own, since some must be unique."""

    count: int = 0

    def next(self) -> int:
        self.count += 1
        return self.count


FILLED = Filled()
# Where migrations make the models of an earlier state, without the save() that would fill what is left blank.
_HISTORICAL = "__fake__"


def fill_required(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """A value for every field of `model` that must have one and that `values` leaves out."""
    given = set(values)
    return {
        field.name: _value(field)
        for field in model._meta.concrete_fields
        if not {field.name, field.attname} & given and _must_have(field)
    }


def fill_unique(instance: Any) -> None:
    """Give what must be unique, and is still empty, a value: a save() that did not run would have done so."""
    for field in instance._meta.concrete_fields:
        if field.unique and not field.primary_key and not getattr(instance, field.attname):
            setattr(instance, field.attname, _value(field))


def _must_have(field: Any) -> bool:
    made = ("primary_key", "auto_now", "auto_now_add", "generated")
    automatic = any(getattr(field, name, False) for name in made)
    if field.model.__module__ == _HISTORICAL and not automatic and not field.null:
        return field.get_default() is None or not (field.blank or field.has_default())
    return not (
        automatic
        or field.null
        or field.blank
        or field.has_default()
        # It came with Django 5.0, and the question whether there is one only with 5.2.
        or getattr(field, "db_default", models.NOT_PROVIDED) is not models.NOT_PROVIDED
    )


def _value(field: Any) -> Any:
    number = FILLED.next()
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.ForeignKey):
        return _related(field)
    for kinds, make in _BY_TYPE:
        if isinstance(field, kinds):
            return make(field, number)
    return f"filled {number}"


def _related(field: Any) -> Any:
    """Some row of the related model; a new one where it has none."""
    related = field.related_model
    if (row := related._base_manager.order_by("pk").first()) is not None:
        return row
    row = related(**fill_required(related, {}))
    if related.__module__ == _HISTORICAL:
        related._base_manager.bulk_create([row])  # a save() that it inherits is that of a later release
    else:
        row.save()
    return row


_BY_TYPE: list[tuple[Any, Any]] = [
    (models.BooleanField, lambda _field, _number: False),
    (models.EmailField, lambda _field, number: f"filled{number}@example.test"),
    (models.URLField, lambda _field, number: f"https://example.test/{number}"),
    (models.FileField, lambda _field, number: ContentFile(b"filled", name=f"filled-{number}.txt")),
    (models.SlugField, lambda _field, number: f"filled-{number}"),
    (models.UUIDField, lambda _field, _number: uuid.uuid4()),
    (models.CharField, lambda field, number: f"filled {number}"[: field.max_length]),
    (models.TextField, lambda _field, number: f"filled {number}"),
    ((models.IntegerField, models.FloatField, models.DecimalField), lambda _field, _number: 1),
    (models.DateTimeField, lambda _field, _number: timezone.now()),
    (models.DateField, lambda _field, _number: timezone.localdate()),
    (models.TimeField, lambda _field, _number: timezone.localtime().time()),
    (models.JSONField, lambda _field, _number: {}),
    (models.GenericIPAddressField, lambda _field, _number: "127.0.0.1"),
]
