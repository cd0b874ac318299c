"""What stands below something hidden is shown as if below none: categories, versions of courses (policies 3, 11, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable, rows_of
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.isolation.cases import IsolationCheck
from coursegate.suites.isolation.seeing import Sight, divergences, look


@dataclass(frozen=True)
class Standing:
    """`child` below `hidden`, and below `open`, by its column `field`."""

    field: str
    child: str
    hidden: str
    open: str


STANDINGS = {
    "category": Standing("parent_id", "category-open", "category-inactive", "category-archive"),
    "version": Standing("parent_version_id", "course-open", "course-peer-draft", "course-featured"),
}
# A row that is changed may say when.
CLOCKS = frozenset({"created_date", "updated_date"})


def ask(check: IsolationCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask for the category while it stands below none, below the hidden one, and below one that everybody sees.

    Raises:
        CannotAsk: one of them was not built, the backend does not let itself be changed so, or does not show the category.
        NotApplicable: its answers do not tell what a category stands below.
    """
    assert check.cell is not None
    stands = STANDINGS[check.below]
    for name in (stands.child, stands.hidden, stands.open):
        if reason := bound.world.why_missing(name):
            raise CannotAsk(f"{name} is not there: {reason}")
    request = bound.client.request(check.cell)
    alone, hidden, shown = (_below(stands, name, request, bound) for name in ("", stands.hidden, stands.open))
    key = bound.world.ids[stands.child]
    if alone.answer.status != 200 or _row(alone, key) is None:
        raise CannotAsk(
            f"{stands.child} is not shown even while it stands below none: {alone.answer.summary}"
        )
    told = list(_told(alone, hidden, key))
    if not told and not list(_told(alone, shown, key)):
        raise NotApplicable(f"{check.operation} does not tell what a {check.below} stands below")
    problems = [
        Problem(
            Kind.LEAK,
            f"{check.principal} can tell from {aspect} ({seen}) that {stands.child} stands below {stands.hidden}",
            f"{check.operation}: {aspect} names a {check.below} that is hidden",
        )
        for aspect, seen in told[:2]
    ]
    return [Exchange(sight.request, sight.answer) for sight in (hidden, shown, alone)], problems


def _below(stands: Standing, parent: str, request: Request, bound: Bound) -> Sight:
    world = bound.world
    with bound.target.undone():
        key = world.ids[parent] if parent else None
        model = world.contract.objects[stands.child].model
        bound.target.change(model, world.ids[stands.child], {stands.field: key})
        return look(bound.target, request)


def _told(one: Sight, other: Sight, key: Any) -> Iterator[tuple[str, str]]:
    """What differs in the object itself; of a list, in its row and how many there are. What it costs is not compared."""
    if one.answer.status != other.answer.status:
        yield "the status", f"{one.answer.status} and {other.answer.status}"
        return
    for place, seen in divergences(_row(one, key), _row(other, key), CLOCKS):
        yield f"the body at {place}", seen
    counts = [len(rows) for sight in (one, other) if (rows := rows_of(sight.answer)) is not None]
    if len(set(counts)) > 1:
        yield "the number of rows", f"{counts[0]} and {counts[1]}"


def _row(sight: Sight, key: Any) -> Any:
    rows = rows_of(sight.answer)
    if rows is None:
        return sight.body
    return next((row for row in rows if isinstance(row, dict) and row.get("id") == key), None)
