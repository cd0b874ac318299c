"""Lessons, one by one and many at once; of many, all are written or none (VIEW-02, GUARD-04)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from ..constants import MAX_BULK_OPERATIONS
from ..models import Lesson
from ..placing import rearrange
from ..serializers.bulk import (
    BulkItemSerializer,
    BulkLessonSerializer,
    BulkResultSerializer,
    BulkUpdateSerializer,
    ReorderItemSerializer,
    ReorderSerializer,
)
from ..visibility import editable_rule
from .draft_outline import TaughtLessonViewSet
from .schema import extend_schema


class DraftCourseContentViewSet(TaughtLessonViewSet):
    """Every lesson of the caller's courses."""

    @extend_schema(request=ReorderSerializer, responses=BulkResultSerializer)
    @action(detail=False, methods=["patch"], url_path="reorder")
    @transaction.atomic
    def bulk_reorder(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Moves lessons inside their modules; what is not named stays where it is."""
        items = _items(request.data)
        self._hold(_keys(items))
        changes = [ReorderItemSerializer(data=item) for item in items]
        _judge(changes)
        _place({change.validated_data["id"]: change.validated_data["order"] for change in changes})
        return _done(len(items))

    @extend_schema(request=BulkUpdateSerializer, responses=BulkResultSerializer)
    @action(detail=False, methods=["post"], url_path="bulk-update")
    @transaction.atomic
    def bulk_draft_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes the named fields of lessons, judged as if they were written one by one."""
        items = _items(request.data)
        keys = _keys(items)
        lessons = self._hold(keys)
        context = self.get_serializer_context()
        changes = [
            BulkLessonSerializer(lessons[key], data=item, partial=True, context=context)
            for key, item in zip(keys, items, strict=True)
        ]
        _judge(changes)
        for change in changes:
            change.save()
        places = {key: change.new_order for key, change in zip(keys, changes, strict=True)}
        _place({key: order for key, order in places.items() if order is not None})
        return _done(len(items))

    def _hold(self, keys: Sequence[int]) -> dict[int, Lesson]:
        """The lessons, locked; one the caller may not edit is refused like a missing one (404)."""
        if len(set(keys)) < len(keys):
            raise ValidationError({"items": [_("Each id may stand in the list once.")]})
        rows = Lesson.objects.filter(editable_rule(self.viewer, "module__course__"), pk__in=keys)
        locked = {row.pk: row for row in _in_lock_order(rows)}
        if len(locked) < len(keys):
            raise NotFound
        return locked


def _in_lock_order(rows: Any) -> Any:
    # In one order always, so that two requests never wait for each other.
    return rows.select_related("module").select_for_update(of=("self",)).order_by("pk")


def _items(data: Any) -> list[Any]:
    """The list of changes; 400 with `detail` without one, or with too long a one."""
    items = data.get("items") if isinstance(data, Mapping) else None
    if not isinstance(items, list) or not items:
        raise ValidationError({"detail": _("A list of items is required.")})
    if len(items) > MAX_BULK_OPERATIONS:
        raise ValidationError({"detail": _("At most %d items are allowed.") % MAX_BULK_OPERATIONS})
    return items


def _keys(items: Sequence[Any]) -> list[int]:
    named = [BulkItemSerializer(data=item) for item in items]
    _judge(named)
    return [item.validated_data["id"] for item in named]


def _judge(changes: Sequence[BaseSerializer[Any]]) -> None:
    """400 with the errors of each item at its place in the list."""
    errors: list[Any] = [{} if change.is_valid() else change.errors for change in changes]
    if any(errors):
        raise ValidationError({"items": errors})


def _place(orders: Mapping[int, int]) -> None:
    try:
        rearrange(Lesson, orders)
    except DjangoValidationError as error:
        raise ValidationError({"items": list(error.messages)}) from None


def _done(updated: int) -> Response:
    return Response({"detail": _("The lessons were written."), "updated": updated})
