"""Checks as a page shows them, and the grid of them: every operation as every principal."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from coursegate.contracts.access import Outcome
from coursegate.contracts.openapi import ApiContract, Operation
from coursegate.harness.report.causes import Cell
from coursegate.harness.report.gate_json import Result
from coursegate.harness.verdicts import Kind, Verdict


@dataclass(frozen=True)
class Mark:
    """How a verdict looks: colour is never all there is to see."""

    name: str
    sign: str
    means: str

    @property
    def is_kept(self) -> bool:
        return self.name in {"pass", "not-applicable"}


# The worst first: a square that sums several subjects shows the worst of them.
MARKS = {
    mark.name: mark
    for mark in (
        Mark("leak", "L", "fail: somebody receives what is not theirs"),
        Mark("fail", "F", "fail: any other broken promise"),
        Mark("blocked", "B", "could not be judged: something below it is broken"),
        Mark("not-assessed", "N", "could not be judged, for the reason given"),
        Mark("waived", "W", "broken, and accepted for a while"),
        Mark("pass", "✓", "the promise is kept"),
        Mark("not-applicable", "–", "does not apply to this backend"),
    )
}
WORST_FIRST = {name: place for place, name in enumerate(MARKS)}
# The suite whose cells are an operation as a principal.
GRID = "access"
_OUTCOMES = frozenset(map(str, Outcome))


@dataclass(frozen=True)
class Check:
    """One cell of the run; `title` tells it from the others of its place.

    Attributes:
        changed: whether it ended otherwise than in the run that this one is compared with.
    """

    cell: Cell
    mark: Mark
    title: str
    anchor: str
    replay: str
    changed: bool = False

    @property
    def place(self) -> str:
        """The address of where it is shown: those of the grid in the panel of their square."""
        in_grid = self.cell["suite"] == GRID
        return link(
            f"{GRID}/{self.cell['operation']}/{self.cell['principal']}" if in_grid else self.cell["id"]
        )

    @property
    def outcomes(self) -> list[str]:
        """The outcomes that the table leaves to choose from; none where the promise is said in words."""
        words = self.cell["expected"].split("|")
        return words if _OUTCOMES.issuperset(words) else []


@dataclass(frozen=True)
class Square:
    """One operation as one principal: all its subjects."""

    operation: str
    principal: str
    checks: Sequence[Check]

    @property
    def anchor(self) -> str:
        return f"access/{self.operation}/{self.principal}"

    @cached_property
    def mark(self) -> Mark:
        return min((check.mark for check in self.checks), key=lambda mark: WORST_FIRST[mark.name])

    @cached_property
    def worst(self) -> int:
        """How many checks are as bad as the mark says."""
        return sum(check.mark is self.mark for check in self.checks)

    @property
    def count(self) -> str:
        return str(len(self.checks)) if self.worst == len(self.checks) else f"{self.worst}/{len(self.checks)}"

    @property
    def changed(self) -> bool:
        return any(check.changed for check in self.checks)

    @property
    def outcomes(self) -> str:
        """What its subjects promise, each outcome once."""
        return " ".join(dict.fromkeys(outcome for check in self.checks for outcome in check.outcomes))


@dataclass(frozen=True)
class Row:
    """One operation; `squares` holds None where a principal was not asked for."""

    operation: str
    described: Operation | None
    squares: Sequence[Square | None]


@dataclass(frozen=True)
class Part:
    """One part of the API, as the contract divides it."""

    name: str
    description: str
    rows: Sequence[Row]


def check_of(cell: Cell, result: Result, changed: Collection[str] = ()) -> Check:
    replay = result.replay(cell["id"])
    return Check(cell, mark_of(cell), title_of(cell), anchor(cell["id"]), replay, cell["id"] in changed)


def mark_of(cell: Cell) -> Mark:
    leaks = cell["verdict"] == Verdict.FAIL and cell["kind"] == Kind.LEAK
    return MARKS["leak" if leaks else cell["verdict"]]


def title_of(cell: Cell) -> str:
    """In the grid the subject says it all; other suites have only their ids in common."""
    return str(cell["subject"] if cell["suite"] == GRID else cell["id"].removeprefix(f"{cell['suite']}/"))


def anchor(identity: str) -> str:
    """An id that HTML accepts: it may hold anything but white space."""
    return re.sub(r"\s", "_", identity)


def link(identity: str) -> str:
    """The address of that id within the page."""
    return f"#{quote(anchor(identity), safe='/')}"


def rows_of(grid: Sequence[Check], principals: Sequence[str], api: ApiContract) -> list[Row]:
    """The rows in the order of the access table."""
    found: dict[str, dict[str, list[Check]]] = {}
    for check in grid:
        row = found.setdefault(check.cell["operation"], {})
        row.setdefault(check.cell["principal"], []).append(check)
    return [Row(name, api.operations.get(name), _squares(name, by, principals)) for name, by in found.items()]


def _squares(
    operation: str, by_whom: Mapping[str, Sequence[Check]], principals: Sequence[str]
) -> list[Square | None]:
    return [Square(operation, who, by_whom[who]) if who in by_whom else None for who in principals]


def parts_of(rows: Sequence[Row], api: ApiContract) -> list[Part]:
    """The parts in the order of the contract; what it does not describe comes last."""
    found: dict[str, list[Row]] = {tag: [] for tag in api.tags}
    for row in rows:
        found.setdefault(row.described.tag if row.described else "", []).append(row)
    return [
        Part(name or "other", api.tags.get(name, ""), members) for name, members in found.items() if members
    ]
