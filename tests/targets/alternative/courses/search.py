"""Ranked search over courses and categories."""

from django.db.models import Case, IntegerField, Q, Value, When


def _weight(field, text, weight):
    return Case(
        When(**{f"{field}__icontains": text}, then=Value(weight)), default=Value(0), output_field=IntegerField()
    )


def _ranked(queryset, text, fields):
    """Each weight exceeds the sum of those after it, so a better field always wins; the key breaks ties."""
    matches = Q()
    rank = Value(0, output_field=IntegerField())
    for position, field in enumerate(reversed(fields)):
        matches |= Q(**{f"{field}__icontains": text})
        rank = rank + _weight(field, text, 2**position)
    return queryset.filter(matches).annotate(search_rank=rank).order_by("-search_rank", fields[0], "pk")


def rank_courses(queryset, text):
    return _ranked(queryset, text, ["title", "description", "subtitle"])


def rank_categories(queryset, text):
    return _ranked(queryset, text, ["name", "description"])
