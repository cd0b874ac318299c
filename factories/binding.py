"""Factories that build through whatever models the target really has."""

from __future__ import annotations

from typing import Any, ClassVar

from factory.django import DjangoModelFactory

from coursegate.factories.filling import fill_required


class BoundFactory(DjangoModelFactory):
    """Builds an unsaved instance; fields that the target's model lacks are dropped, required ones filled by type.

    What was dropped or filled is left in `dropped` and `filled`, for the report, until somebody takes it.
    """

    class Meta:
        abstract = True

    dropped: ClassVar[set[str]] = set()
    filled: ClassVar[set[str]] = set()

    @classmethod
    def _build(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        known = {name for field in model_class._meta.concrete_fields for name in (field.name, field.attname)}
        BoundFactory.dropped = {f"{model_class._meta.label}.{name}" for name in kwargs.keys() - known}
        values = {name: value for name, value in kwargs.items() if name in known}
        extra = fill_required(model_class, values)
        BoundFactory.filled = {f"{model_class._meta.label}.{name}" for name in extra}
        return super()._build(model_class, *args, **values, **extra)
