"""`courses/views/public.py`: what a filter leaves of a list."""

from __future__ import annotations

from coursegate.harness.client import CannotAsk, NotApplicable, rows_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.growing import WHOLE, answer_of

READER = "registered"
# List, parameter, the object that its value is of and by what it is called there; the column that its rows then have in common.
FILTERS = {
    "courses-of-a-category": ("courses.list", "category", ("category-open", "slug"), "category"),
    "modules-of-a-course": ("modules.list", "course", ("course-open", "slug"), "course"),
    "lessons-of-a-course": ("lessons.list", "course", ("course-open", "slug"), "module__course"),
    "lessons-of-a-module": ("lessons.list", "module", ("module-open", "pk"), "module"),
}


@finding(
    "policy 17",
    cases={
        name: {"operation": operation, "parameter": parameter, "named": named, "column": column}
        for name, (operation, parameter, named, column) in FILTERS.items()
    },
)
def a_filter_leaves_what_it_names(
    on: Probe, operation: str, parameter: str, named: tuple[str, str], column: str
) -> None:
    """A list that is asked for the rows of one parent, and knows what is asked, holds some of them and none of another."""
    parent, attribute = named
    model = on.contract.api.operations[operation].model
    of_parent = on.rows(model).filter(**{column: on.key(parent)})
    right = {str(key) for key in of_parent.values_list("pk", flat=True)}
    everything = _shown(on, operation)
    if not everything - right:
        raise CannotAsk(f"{operation} holds nothing but what is of {parent}")

    left = _shown(on, operation, f"&{parameter}={on.named(parent, attribute)}")

    if left == everything:
        raise NotApplicable(f"{operation} knows no parameter {parameter}: what is served says so (policy 17)")
    assert left, f"nothing is left of {parent}"
    assert left - right == set(), f"asked for {parameter} of {parent}, rows of others are left"


def _shown(on: Probe, operation: str, narrowed: str = "") -> set[str]:
    answer = answer_of(on, operation, READER, f"{WHOLE}{narrowed}")
    rows = rows_of(answer, on.contract.api.operations[operation].rows_at) or []
    return {str(row["id"]) for row in rows}
