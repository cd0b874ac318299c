"""Fields that several serializers share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from ..file_links import link_to
from ..viewer import Viewer

Row = TypeVar("Row", bound=Model)


class SpokenBooleanField(serializers.BooleanField):
    """Missing in a form, it is missing; DRF would take that for an unticked box (SER-10)."""

    default_empty_html = serializers.empty


class VisibleRowField(serializers.PrimaryKeyRelatedField[Row]):
    """An object by id, out of the `rows` that the writer may see; a hidden one is refused like a missing one."""

    def __init__(self, *, rows: Callable[[Viewer], QuerySet[Row]], **kwargs: Any) -> None:
        self.rows = rows
        # A key is a whole number; Django would look for row 1 when asked for 1.5.
        super().__init__(pk_field=serializers.IntegerField(), **kwargs)

    def get_queryset(self) -> QuerySet[Row]:
        return self.rows(self.context.get("viewer") or Viewer.of(self.context.get("request")))


class LinkedFileField(serializers.FileField):
    """A stored file, shown as a link that ends."""

    def to_representation(self, value: Any) -> str | None:
        return link_to(value.name) if value else None


class LinkedImageField(LinkedFileField, serializers.ImageField):
    """A stored picture, shown as a link that ends."""
