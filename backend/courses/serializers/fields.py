"""Fields that several serializers share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from ..viewer import Viewer

Row = TypeVar("Row", bound=Model)


class SpokenBooleanField(serializers.BooleanField):
    """Missing in a form, it is missing; DRF would take that for an unticked box (SER-10)."""

    default_empty_html = serializers.empty


class VisibleRowField(serializers.PrimaryKeyRelatedField[Row]):
    """An object by id, out of the `rows` that the writer may see; a hidden one is refused like a missing one."""

    def __init__(self, *, rows: Callable[[Viewer], QuerySet[Row]], **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet[Row]:
        return self.rows(self.context.get("viewer") or Viewer.of(self.context.get("request")))

    def to_internal_value(self, data: Any) -> Row:
        try:
            return super().to_internal_value(data)
        except OverflowError:
            # JSON has room for 1e400, which Python reads as infinity.
            self.fail("incorrect_type", data_type=type(data).__name__)
