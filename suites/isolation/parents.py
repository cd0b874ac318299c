"""A category below an inactive one is shown as if it stood below none (policies 11, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable, rows_of
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.isolation.cases import IsolationCheck
from coursegate.suites.isolation.seeing import Sight, divergences, look

MODEL, CHILD = "courses.Category", "category-open"
HIDDEN, OPEN = "category-inactive", "category-archive"
# A row that is changed may say when.
CLOCKS = frozenset({"created_date", "updated_date"})


def ask(check: IsolationCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask for the category while it stands below none, below the hidden one, and below one that everybody sees.

    Raises:
        CannotAsk: one of them was not built, the backend does not let itself be changed so, or does not show the category.
        NotApplicable: its answers do not tell what a category stands below.
    """
    assert check.cell is not None
    for name in (CHILD, HIDDEN, OPEN):
        if reason := bound.world.why_missing(name):
            raise CannotAsk(f"{name} is not there: {reason}")
    request = bound.client.request(check.cell)
    alone, hidden, shown = (_below(name, request, bound) for name in ("", HIDDEN, OPEN))
    if alone.answer.status != 200 or _row(alone, bound.world.ids[CHILD]) is None:
        raise CannotAsk(f"{CHILD} is not shown even while it stands below none: {alone.answer.summary}")
    told = list(_told(alone, hidden, bound))
    if not told and not list(_told(alone, shown, bound)):
        raise NotApplicable(f"{check.operation} does not tell what a category stands below")
    problems = [
        Problem(
            Kind.LEAK,
            f"{check.principal} can tell from {aspect} ({seen}) that {CHILD} stands below {HIDDEN}",
            f"{check.operation}: {aspect} names a category that is hidden",
        )
        for aspect, seen in told[:2]
    ]
    return [Exchange(sight.request, sight.answer) for sight in (hidden, shown, alone)], problems


def _below(parent: str, request: Request, bound: Bound) -> Sight:
    with bound.target.undone():
        key = bound.world.ids[parent] if parent else None
        bound.target.change(MODEL, bound.world.ids[CHILD], {"parent_id": key})
        return look(bound.target, request)


def _told(one: Sight, other: Sight, bound: Bound) -> Iterator[tuple[str, str]]:
    """What differs in the category itself; of a list, in its row. What the answers cost is not compared."""
    if one.answer.status != other.answer.status:
        yield "the status", f"{one.answer.status} and {other.answer.status}"
        return
    key = bound.world.ids[CHILD]
    for place, seen in divergences(_row(one, key), _row(other, key), CLOCKS):
        yield f"the body at {place}", seen


def _row(sight: Sight, key: Any) -> Any:
    rows = rows_of(sight.answer)
    if rows is None:
        return sight.body
    return next((row for row in rows if isinstance(row, dict) and row.get("id") == key), None)
