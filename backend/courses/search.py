"""Weighted search: courses by title before description before subtitle, categories by name (UX-01)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from .models import Category, Course

# Longer terms find nothing and cost a lot.
MAX_TERM_LENGTH = 200
SEARCH_ORDER = ("search_rank", "title")


def search_courses(courses: QuerySet[Course], term: str) -> QuerySet[Course]:
    """The courses that hold the term, the best match first; `search_rank` is 0 for a match in the title."""
    return _best_first(courses, term, ("title", "description", "subtitle"), SEARCH_ORDER)


def search_categories(categories: QuerySet[Category], term: str) -> QuerySet[Category]:
    """The categories that hold the term; a match in the name before one in the description."""
    return _best_first(categories, term, ("name", "description"), ("search_rank", "name"))


def _best_first(rows: QuerySet[Any], term: str, fields: Sequence[str], order: Sequence[str]) -> QuerySet[Any]:
    matches = [Q(**{f"{field}__icontains": term[:MAX_TERM_LENGTH]}) for field in fields]
    rank = Case(
        *(When(match, then=Value(weight)) for weight, match in enumerate(matches)),
        default=Value(len(matches)),
        output_field=IntegerField(),
    )
    ranked: QuerySet[Any] = rows.annotate(search_rank=rank).filter(search_rank__lt=len(matches))
    return ranked.order_by(*order, "pk")
