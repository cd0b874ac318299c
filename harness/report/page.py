"""The data of `gate.html`: a run, in the order in which people read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import ApiContract, Operation
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.causes import Cause, Cell, causes_of
from coursegate.harness.report.gate_json import Result, replay_command
from coursegate.harness.report.headline import headline
from coursegate.harness.verdicts import Kind, Verdict


@dataclass(frozen=True)
class Mark:
    """How a verdict looks: colour is never all there is to see."""

    name: str
    sign: str
    means: str


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
_WORST_FIRST = {name: place for place, name in enumerate(MARKS)}
# The suite whose cells are an operation as a principal.
GRID = "access"
ASIDE = (Verdict.BLOCKED, Verdict.NOT_ASSESSED, Verdict.WAIVED, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class Check:
    """One cell of the run; `title` tells it from the others of its place."""

    cell: Cell
    mark: Mark
    title: str
    anchor: str
    replay: str


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
        return min((check.mark for check in self.checks), key=lambda mark: _WORST_FIRST[mark.name])

    @cached_property
    def worst(self) -> int:
        """How many checks are as bad as the mark says."""
        return sum(check.mark is self.mark for check in self.checks)

    @property
    def count(self) -> str:
        return str(len(self.checks)) if self.worst == len(self.checks) else f"{self.worst}/{len(self.checks)}"


@dataclass(frozen=True)
class Row:
    """One operation; `squares` holds None where a principal was not asked for."""

    operation: str
    described: Operation | None
    squares: Sequence[Square | None]

    @property
    def is_kept(self) -> bool:
        return all(
            square is None or square.mark.name in {"pass", "not-applicable"} for square in self.squares
        )


@dataclass(frozen=True)
class Part:
    """One part of the API, as the contract divides it."""

    name: str
    description: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Group:
    """A cause and its cells; `places` leads to them by operation."""

    cause: Cause
    mark: Mark
    replay: str
    places: Mapping[str, Sequence[tuple[str, str, int]]]


@dataclass(frozen=True)
class Aside:
    """The cells of a verdict that is neither pass nor fail, by reason."""

    mark: Mark
    count: int
    groups: Sequence[Group]


@dataclass(frozen=True)
class Page:
    """All that the page says.

    Attributes:
        target: what was judged, as in `gate.json`.
        principals: the columns of the grid.
        listed: the checks of other suites, the worst first.
        unasked: how many promises the run was not asked about.
    """

    result: Result
    headline: str
    target: Mapping[str, Any]
    written: datetime
    preflight: Sequence[RungResult]
    causes: Sequence[Group]
    principals: Sequence[str]
    parts: Sequence[Part]
    listed: Mapping[str, Sequence[Check]]
    asides: Sequence[Aside]
    unasked: int

    @property
    def rows(self) -> Iterator[Row]:
        for part in self.parts:
            yield from part.rows


def page_of(result: Result, contract: Contract, written: datetime) -> Page:
    """Shape a result for people; the contract says what belongs together."""
    api = contract.api
    asked = [_check(cell, result) for cell in result.cells]
    grid = [check for check in asked if check.cell["suite"] == GRID]
    others = sorted(
        (check for check in asked if check.cell["suite"] != GRID),
        key=lambda check: _WORST_FIRST[check.mark.name],
    )
    principals = list(dict.fromkeys(check.cell["principal"] for check in grid))
    return Page(
        result=result,
        headline=headline(result),
        target=result.target,
        written=written,
        preflight=result.preflight,
        causes=[_group(cause, result) for cause in causes_of(result.cells, {Verdict.FAIL})],
        principals=principals,
        parts=_parts(_rows(grid, principals, api), api),
        listed={
            suite: [check for check in others if check.cell["suite"] == suite]
            for suite in dict.fromkeys(check.cell["suite"] for check in others)
        },
        asides=[_aside(verdict, result) for verdict in ASIDE if result.summary[verdict]],
        unasked=result.declared - len(result.cells),
    )


def anchor(identity: str) -> str:
    """An id that HTML accepts: it may hold anything but white space."""
    return re.sub(r"\s", "_", identity)


def link(identity: str) -> str:
    """The address of that id within the page."""
    return f"#{quote(anchor(identity), safe='/')}"


def _mark(cell: Cell) -> Mark:
    leaks = cell["verdict"] == Verdict.FAIL and cell["kind"] == Kind.LEAK
    return MARKS["leak" if leaks else cell["verdict"]]


def _replay(cell: Cell, result: Result) -> str:
    return replay_command(cell["id"], result.binding, result.size)


def _check(cell: Cell, result: Result) -> Check:
    return Check(cell, _mark(cell), _title(cell), anchor(cell["id"]), _replay(cell, result))


def _title(cell: Cell) -> str:
    """In the grid the subject says it all; other suites have only their ids in common."""
    return str(cell["subject"] if cell["suite"] == GRID else cell["id"].removeprefix(f"{cell['suite']}/"))


def _rows(grid: Sequence[Check], principals: Sequence[str], api: ApiContract) -> list[Row]:
    """The rows in the order of the access table."""
    found: dict[str, dict[str, list[Check]]] = {}
    for check in grid:
        row = found.setdefault(check.cell["operation"], {})
        row.setdefault(check.cell["principal"], []).append(check)
    return [
        Row(
            name,
            api.operations.get(name),
            [Square(name, who, by_whom[who]) if who in by_whom else None for who in principals],
        )
        for name, by_whom in found.items()
    ]


def _parts(rows: Sequence[Row], api: ApiContract) -> list[Part]:
    """The parts in the order of the contract; what it does not describe comes last."""
    found: dict[str, list[Row]] = {tag: [] for tag in api.tags}
    for row in rows:
        found.setdefault(row.described.tag if row.described else "", []).append(row)
    return [
        Part(name or "other", api.tags.get(name, ""), members) for name, members in found.items() if members
    ]


def _aside(verdict: Verdict, result: Result) -> Aside:
    groups = [_group(cause, result) for cause in causes_of(result.cells, {verdict})]
    return Aside(MARKS[verdict], result.summary[verdict], groups)


def _group(cause: Cause, result: Result) -> Group:
    """A cause, and where its cells are: (label, link, number of cells) by operation."""
    counted: dict[str, dict[tuple[str, str], int]] = {}
    for cell in cause.cells:
        if cell["suite"] == GRID:
            where = f"access/{cell['operation']}/{cell['principal']}"
            row, place = cell["operation"], (cell["principal"], link(where))
        else:
            row, place = cell["suite"], (_title(cell), link(cell["id"]))
        places = counted.setdefault(row, {})
        places[place] = places.get(place, 0) + 1
    return Group(
        cause,
        _mark(cause.example),
        _replay(cause.example, result),
        {row: [(*place, count) for place, count in places.items()] for row, places in counted.items()},
    )
