"""Gives siblings new positions without ever breaking their unique constraint."""

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from rest_framework.exceptions import ValidationError


def reorder(model, parent_name, orders):
    """Apply {key: order}. Rows step aside first, for two of them cannot stand in one place even for a moment."""
    try:
        with transaction.atomic():
            _reorder(model, parent_name, orders)
    except IntegrityError:
        # Somebody was faster: new rows take the position behind the last one without asking anybody.
        raise ValidationError({"detail": "One of the positions has just been taken."}) from None


def _reorder(model, parent_name, orders):
    # Only the rows themselves: who adds one writes to its parents.
    held = model.objects.select_for_update(of=("self",)).filter(pk__in=orders).order_by("pk")
    rows = {row.pk: row for row in held}
    parents = {getattr(row, f"{parent_name}_id") for row in rows.values()}
    siblings = model.objects.filter(**{f"{parent_name}_id__in": parents})
    taken = {
        (getattr(row, f"{parent_name}_id"), orders.get(row.pk, row.order)): row.pk
        for row in siblings.only("pk", "order", parent_name)
    }
    if len(taken) != siblings.count():
        raise ValidationError({"detail": "Two items would have the same position."})
    offset = (siblings.aggregate(last=Max("order"))["last"] or 0) + max(orders.values()) + 1
    model.objects.filter(pk__in=orders).update(order=F("order") + offset)
    for key, order in orders.items():
        model.objects.filter(pk=key).update(order=order)
