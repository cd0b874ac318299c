"""The data of `gate.html`: a run, in the order in which people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coursegate.contracts.agreement import PREFIX
from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.audited import Audit, audit_of
from coursegate.harness.report.causes import Cause, causes_of
from coursegate.harness.report.difference import TITLES
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.headline import headline
from coursegate.harness.report.loaded import Load
from coursegate.harness.report.proved import Proof
from coursegate.harness.report.squares import (
    GRID,
    MARKS,
    WORST_FIRST,
    Check,
    Mark,
    Part,
    Row,
    check_of,
    link,
    mark_of,
    parts_of,
    rows_of,
    title_of,
)
from coursegate.harness.verdicts import Verdict
from coursegate.harness.waivers import Standing

ASIDE = (Verdict.BLOCKED, Verdict.NOT_ASSESSED, Verdict.WAIVED, Verdict.NOT_APPLICABLE)


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
        outcomes: what the cells of the grid promise, each once.
        audit: the findings by file; None where no check cites any.
        listed: the checks of other suites, the worst first.
        unasked: how many promises the run was not asked about.
        changed: what ended otherwise than in the baseline: how -> (id, check, address); no check where it is gone.
        waivers: the next to expire first.
        proof: what is known of the checks themselves; None where nobody has proved them.
        load: how the backend holds under load; None where nobody has asked.
    """

    result: Result
    headline: str
    target: Mapping[str, Any]
    written: datetime
    preflight: Sequence[RungResult]
    causes: Sequence[Group]
    principals: Sequence[str]
    outcomes: Sequence[str]
    parts: Sequence[Part]
    audit: Audit | None
    listed: Mapping[str, Sequence[Check]]
    asides: Sequence[Aside]
    unasked: int
    changed: Mapping[str, Sequence[tuple[str, Check | None, str]]]
    waivers: Sequence[Standing]
    proof: Proof | None
    load: Load | None

    @property
    def agreed(self) -> list[str]:
        """On whose word the run rests besides the contract: what the team says of its backend."""
        said = self.result.binding.agreement
        return [
            *([f"prefix {said.prefix}"] if said.prefix != PREFIX else []),
            *(f"{operation} stands at {path}" for operation, path in said.routes.items()),
            *(f"{ours} is called {theirs}" for ours, theirs in said.models.items()),
            *(f"in rows besides: {named}" for named in said.held_besides),
            *(f"sent besides: {named}" for named in said.sent_besides),
            *(f"{operation} is not offered: {why}" for operation, why in said.unsupported.items()),
            *(f"policy: {name} = {position}" for name, position in said.policy.items()),
            *said.told_of_former,
        ]

    @property
    def rows(self) -> Iterator[Row]:
        for part in self.parts:
            yield from part.rows


def page_of(
    result: Result,
    contract: Contract,
    written: datetime,
    proof: Proof | None = None,
    load: Load | None = None,
) -> Page:
    """Shape a result for people; the contract says what belongs together."""
    changed = {name for _, names in result.since.items() for name in names} if result.since else set()
    asked = [check_of(cell, result, changed) for cell in result.cells]
    grid = [check for check in asked if check.cell["suite"] == GRID]
    others = sorted(
        (check for check in asked if check.cell["suite"] != GRID),
        key=lambda check: WORST_FIRST[check.mark.name],
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
        outcomes=list(dict.fromkeys(outcome for check in grid for outcome in check.outcomes)),
        parts=parts_of(rows_of(grid, principals, contract.api), contract.api),
        audit=audit_of(asked, result, contract, proof),
        listed={
            suite: [check for check in others if check.cell["suite"] == suite]
            for suite in dict.fromkeys(check.cell["suite"] for check in others)
        },
        asides=[_aside(verdict, result) for verdict in ASIDE if result.summary[verdict]],
        unasked=result.declared - len(result.cells),
        changed=_changed(result, asked),
        waivers=sorted(result.waivers, key=lambda standing: (standing.waiver.expires, standing.waiver.id)),
        proof=proof,
        load=load,
    )


def _changed(result: Result, asked: Sequence[Check]) -> dict[str, list[tuple[str, Check | None, str]]]:
    by_id = {check.cell["id"]: check for check in asked}
    found: dict[str, list[tuple[str, Check | None, str]]] = {}
    for name, ids in result.since.items() if result.since else ():
        checks = [(identity, by_id.get(identity)) for identity in ids]
        found[TITLES[name]] = [(identity, check, check.place if check else "") for identity, check in checks]
    return {title: checks for title, checks in found.items() if checks}


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
            row, place = cell["suite"], (title_of(cell), link(cell["id"]))
        places = counted.setdefault(row, {})
        places[place] = places.get(place, 0) + 1
    return Group(
        cause,
        mark_of(cause.example),
        result.replay(cause.example["id"]),
        {row: [(*place, count) for place, count in places.items()] for row, places in counted.items()},
    )
