"""Factories that build through whatever models the target really has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from factory.django import DjangoModelFactory

from coursegate.factories.filling import fill_required


@dataclass
class Adjustments:
    """What had to be done differently for a target's models, as `app.Model.field`."""

    dropped: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)


# Beside the class, not in it: factory_boy takes every public attribute of a factory for a field.
ADJUSTMENTS = Adjustments()


class BoundFactory(DjangoModelFactory):
    """Builds an unsaved instance; fields that the target's model lacks are dropped, required ones filled by type.

    What was dropped or filled is added to `ADJUSTMENTS`, for the report.
    """

    class Meta:
        abstract = True

    @classmethod
    def _build(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        known = {name for field in model_class._meta.concrete_fields for name in (field.name, field.attname)}
        ADJUSTMENTS.dropped |= {f"{model_class._meta.label}.{name}" for name in kwargs.keys() - known}
        values = {name: value for name, value in kwargs.items() if name in known}
        extra = fill_required(model_class, values)
        ADJUSTMENTS.filled |= {f"{model_class._meta.label}.{name}" for name in extra}
        return super()._build(model_class, *args, **values, **extra)
