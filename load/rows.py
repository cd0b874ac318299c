"""What a generator writes down: one JSON value a line, so that a run cut short is read as far as it got."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from coursegate.load.plan import Plan, plan_of

OK, FAILED, THROTTLED, WRONG = "ok", "failed", "throttled", "wrong"


class Row(NamedTuple):
    """One request.

    Attributes:
        due: when it was to be sent, seconds since the epoch.
        status: 0 where no answer came.
        latency: milliseconds from `due` until the whole answer was there; what a visitor waits, stalls included.
        late: milliseconds from `due` until it was sent: the generator's own fault.
        first: whether it is the first of its journey, so that its `due` is an arrival.
        queries: statements that the answer took in the target's database, -1 where nobody counts them; `fetched` the
            rows it read there.
        outcome: OK, FAILED (not an answer that was promised), THROTTLED, or WRONG (an invariant is broken).
    """

    due: float
    scenario: str
    operation: str
    tier: str
    status: int
    latency: float
    late: float
    size: int
    first: bool
    outcome: str
    queries: int = -1
    fetched: int = -1


@dataclass(frozen=True)
class Broken:
    """An invariant seen broken: its name, and what was asked and seen."""

    at: float
    invariant: str
    scenario: str
    tier: str
    text: str


@dataclass
class Rows:
    """The file of one run, read.

    Attributes:
        run: the name in its first line; "" where there is none.
        started: when the plan began, None where it did not.
        ended: how the generator says that it ended, "" where it says nothing; `ended_at` when.
        reporting: worker -> its count of requests in its last report, and whether that was its final one.
        counts: how many workers the master saw alive, second by second.
        delays: what the constant-delay endpoint took, in milliseconds beyond its delay.
        cpu: seconds of processor time that each generator process has used in all.
        notes: what a scenario could not ask, and why.
        skipped: when each journey was due that came and found everything in use that it writes; and its scenario.
        plan: by what the generator went on, where a climb was over before its end; `over` says where and why.
    """

    run: str = ""
    started: float | None = None
    ended: str = ""
    ended_at: float | None = None
    rows: list[Row] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    reporting: dict[str, tuple[int, bool]] = field(default_factory=dict)
    counts: list[tuple[float, int]] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    skipped: list[tuple[float, str]] = field(default_factory=list)
    plan: Plan | None = None
    over: str = ""

    def take(self, line: dict[str, Any]) -> None:
        """Add what one line says."""
        self.run = line.get("run", self.run)
        self.started = line.get("started", self.started)
        if "ended" in line:
            self.ended, self.ended_at = line["ended"], line["at"]
        if "plan" in line:
            self.plan, self.over = plan_of(line["plan"]), line["over"]
        if "alive" in line:
            self.counts.append((line["at"], line["alive"]))
        if report := line.get("report"):
            self._take_report(line["from"], report)

    def _take_report(self, worker: str, report: dict[str, Any]) -> None:
        self.rows += [Row(*row) for row in report["rows"]]
        self.broken += [Broken(*broken) for broken in report["broken"]]
        self.delays += report["delays"]
        self.cpu[worker] = report["cpu"]
        self.notes |= report["notes"]
        self.skipped += [(due, scenario) for due, scenario in report["skipped"]]
        known, _ = self.reporting.get(worker, (0, False))
        self.reporting[worker] = known + len(report["rows"]), report["final"]


def lines_of(text: str) -> Iterator[dict[str, Any]]:
    """The whole lines of a text; one that was cut short is left out."""
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def read_rows(path: Path) -> Rows:
    """All that a run wrote; empty where it wrote nothing."""
    found = Rows()
    if path.is_file():
        for line in lines_of(path.read_text(encoding="utf-8")):
            found.take(line)
    found.rows.sort(key=lambda row: row.due)
    return found


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least that share of them does not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    # What is no whole number only by rounding errors must not become the next one.
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]
