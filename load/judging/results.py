"""Objectives held against what was measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from coursegate.contracts.slo import Objective, Objectives
from coursegate.load.judging.completeness import Hole
from coursegate.load.judging.evidence import Evidence
from coursegate.load.rows import FAILED, THROTTLED, WRONG, Row, percentile

# A second with fewer requests has no median worth the name.
LEAST_OF_A_SECOND = 3


@dataclass(frozen=True)
class Result:
    """One figure of one objective.

    Attributes:
        about: scenario, tier and stage; or an operation.
        figure: p50, p95, errors, throttled, recovers-within, or statements.
    """

    about: str
    figure: str
    limit: float
    seen: float
    samples: int
    held: bool

    def __str__(self) -> str:
        word = "at most" if self.held else "more than"
        return f"{self.about}: {self.figure} {self.seen:.4g}, {word} {self.limit:g} ({self.samples} requests)"


def results(evidence: Evidence, objectives: Sequence[Objective]) -> tuple[list[Result], list[Hole]]:
    """Every figure, and the objectives that too few requests speak of."""
    found: list[Result] = []
    unfilled: list[Hole] = []
    for one in objectives:
        rows = evidence.chosen(one.scenario, one.tier, one.stage)
        if len(rows) < one.samples:
            unfilled.append(
                Hole("too-few-samples", f"{one}: {len(rows)} requests, its objective needs {one.samples}")
            )
        else:
            found += _figures(evidence, one, rows)
    return found, unfilled


def _figures(evidence: Evidence, one: Objective, rows: list[Row]) -> Iterator[Result]:
    latencies = [row.latency for row in rows]
    for figure, limit, seen in (
        ("p50", one.p50 if one.recovers_within is None else None, percentile(latencies, 0.5)),
        ("p95", one.p95, percentile(latencies, 0.95)),
        ("errors", one.errors, _share(rows, FAILED, WRONG)),
        ("throttled", one.throttled, _share(rows, THROTTLED)),
    ):
        if limit is not None:
            yield Result(str(one), figure, limit, seen, len(rows), seen <= limit)
    if one.recovers_within is not None and one.p50 is not None:
        seen = _recovered(evidence, one, rows)
        held = seen <= one.recovers_within
        yield Result(str(one), "recovers-within", one.recovers_within, seen, len(rows), held)


def _share(rows: list[Row], *outcomes: str) -> float:
    return sum(row.outcome in outcomes for row in rows) / len(rows)


def _recovered(evidence: Evidence, one: Objective, rows: list[Row]) -> float:
    """Seconds from the start of the stage until the median of every second keeps the objective's p50."""
    begin = next(begin for stage, begin, _ in evidence.spans() if stage.name == one.stage)
    seconds: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        seconds[int(row.due - begin)].append(row.latency)
    slow = [
        second + 1
        for second, latencies in seconds.items()
        if len(latencies) >= LEAST_OF_A_SECOND and median(latencies) > (one.p50 or 0)
    ]
    return float(max(slow, default=0))


def work(rows: Sequence[Row], objectives: Objectives) -> list[Result]:
    """The p95 of the statements of every operation, where the target's server counts them: most are cached answers."""
    counted: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.queries >= 0 and row.status in (200, 201, 204):
            counted[row.operation].append(row.queries)
    found = []
    for operation, statements in sorted(counted.items()):
        limit, seen = objectives.most_statements(operation), percentile(statements, 0.95)
        if limit is not None:
            found.append(Result(operation, "statements", limit, seen, len(statements), seen <= limit))
    return found
