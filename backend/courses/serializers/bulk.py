"""Changes to many lessons at once (VIEW-02, GUARD-04)."""

from typing import Any

from rest_framework import serializers

from ..placing import HIGHEST_ORDER
from .drafts import DraftLessonSerializer

HIGHEST_ID = 2**63 - 1


class BulkItemSerializer(serializers.Serializer[Any]):
    """Which lesson a change is about."""

    id = serializers.IntegerField(min_value=1, max_value=HIGHEST_ID)


class ReorderItemSerializer(BulkItemSerializer):
    """A lesson's new place in its module."""

    order = serializers.IntegerField(min_value=0, max_value=HIGHEST_ORDER)


class BulkLessonSerializer(DraftLessonSerializer):
    """A lesson's key and the fields to change.

    `new_order` is for the caller, once all lessons are judged: they may exchange places.
    """

    id = serializers.IntegerField(min_value=1, max_value=HIGHEST_ID)
    new_order: int | None = None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        del attrs["id"]
        self.new_order = attrs.pop("order", None)
        return super().validate(attrs)


class ReorderSerializer(serializers.Serializer[Any]):
    """New places for some lessons."""

    items = ReorderItemSerializer(many=True)


class BulkUpdateSerializer(serializers.Serializer[Any]):
    """Changes to some lessons."""

    items = BulkLessonSerializer(many=True, partial=True)


class BulkResultSerializer(serializers.Serializer[Any]):
    """How many lessons were written."""

    detail = serializers.CharField()
    updated = serializers.IntegerField()
