"""Places among siblings: taken under a lock on the parent, and exchanged all at once (MOD-05, GUARD-04)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from .catalogue_cache import catalogue_changed
from .models.mixins import OrderedMixin

# What the narrowest of the supported databases holds.
HIGHEST_ORDER = 2**31 - 1


def lock_parents(model: type[OrderedMixin], parent_ids: Iterable[Any]) -> None:
    """Holds the parents' rows until the transaction ends: nobody else takes a place below them meanwhile."""
    parents = _parent_model(model)._default_manager
    with transaction.atomic():
        rows = parents.select_for_update().filter(pk__in=set(parent_ids)).order_by("pk")
        list(rows.values_list("pk"))


def refuse_taken_order(row: type[OrderedMixin], parent_id: Any, order: int, besides: Any = None) -> None:
    """ValidationError when a sibling other than the one with key `besides` stands at `order`."""
    siblings = row._default_manager.filter(**{row.order_parent: parent_id}, order=order)
    if siblings.exclude(pk=besides).exists():
        raise ValidationError(_("Another row stands at this place."), code="order_taken")


@transaction.atomic
def rearrange(model: type[OrderedMixin], orders: Mapping[int, int]) -> None:
    """Moves the rows with these keys to these places below their parents.

    ValidationError when two siblings would share one; rows that are not named stay where they are.
    """
    rows: Any = model._default_manager
    parent = f"{model.order_parent}_id"
    parent_ids = set(rows.filter(pk__in=orders).values_list(parent, flat=True))
    lock_parents(model, parent_ids)
    siblings = list(rows.filter(**{f"{parent}__in": parent_ids}))
    before = {row.pk: row.order for row in siblings}
    for row in siblings:
        row.order = orders.get(row.pk, row.order)
    places = Counter((getattr(row, parent), row.order) for row in siblings)
    if max(places.values(), default=1) > 1:
        raise ValidationError(_("Two rows cannot stand at the same place."), code="order_taken")
    _move(rows, [row for row in siblings if row.order != before[row.pk]], set(before.values()))


def _move(rows: Any, moved: list[Any], taken: set[int]) -> None:
    # The database checks uniqueness row by row, so everybody steps aside first.
    targets = {row.pk: row.order for row in moved}
    free = (place for place in count() if place not in taken and place not in targets.values())
    for row in moved:
        row.order = next(free)
    rows.bulk_update(moved, ["order"])
    for row in moved:
        row.order, row.updated_date = targets[row.pk], timezone.now()
    rows.bulk_update(moved, ["order", "updated_date"])
    if moved:
        catalogue_changed()


def _parent_model(model: type[OrderedMixin]) -> type[Model]:
    parent: Any = model._meta.get_field(model.order_parent).related_model
    return parent  # type: ignore[no-any-return]
