"""Weighted search over courses: title before description before subtitle (UX-01)."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from .models import Course

# Longer terms find nothing and cost a lot.
MAX_TERM_LENGTH = 200
SEARCHED_FIELDS = ("title", "description", "subtitle")
SEARCH_ORDER = ("search_rank", "title")


def search_courses(courses: QuerySet[Course], term: str) -> QuerySet[Course]:
    """The courses that hold the term, the best match first; `search_rank` is 0 for a match in the title."""
    term = term[:MAX_TERM_LENGTH]
    matches = [Q(**{f"{field}__icontains": term}) for field in SEARCHED_FIELDS]
    rank = Case(
        *(When(match, then=Value(weight)) for weight, match in enumerate(matches)),
        default=Value(len(matches)),
        output_field=IntegerField(),
    )
    return (
        courses.annotate(search_rank=rank).filter(search_rank__lt=len(matches)).order_by(*SEARCH_ORDER, "pk")
    )
