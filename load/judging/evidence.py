"""What a run is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.slo import ALL, JUDGED
from coursegate.load.order import Order
from coursegate.load.plan import Stage, bounds
from coursegate.load.rows import Row, Rows
from coursegate.load.running import Watched
from coursegate.load.scenarios.catalogue import ONCE


@dataclass(frozen=True)
class Evidence:
    """One run.

    Attributes:
        rows: what the generator wrote down.
        watched: what was seen from outside.
        lines: how many workers' reports are to be there: one of a single process.
    """

    order: Order
    rows: Rows
    watched: Watched

    @property
    def lines(self) -> int:
        return self.order.workers or 1

    def of_stage(self, name: str) -> list[Row]:
        """The requests that were due in a stage; of `judged` in every stage but the warm-up."""
        if self.rows.started is None:
            return []
        spans = [
            (self.rows.started + begin, self.rows.started + end)
            for stage, begin, end in bounds(self.order.plan)
            if stage.name == name or (name == JUDGED and stage.judged)
        ]
        return [row for row in self.rows.rows if any(begin <= row.due < end for begin, end in spans)]

    def chosen(self, scenario: str, tier: str, stage: str) -> list[Row]:
        return [
            row
            for row in self.of_stage(stage)
            if scenario in (ALL, row.scenario) and tier in (ALL, row.tier) and row.scenario not in ONCE
        ]

    def arrived(self, begin: float, end: float) -> tuple[int, int]:
        """How many journeys came in a stretch of time and asked, and how many found everything in use."""
        asked = sum(
            row.first and row.scenario not in ONCE and begin <= row.due < end for row in self.rows.rows
        )
        skipped = sum(scenario not in ONCE and begin <= due < end for due, scenario in self.rows.skipped)
        return asked, skipped

    def spans(self) -> Iterator[tuple[Stage, float, float]]:
        """Every stage with its begin and end, in seconds since the epoch."""
        start = self.rows.started or 0.0
        return ((stage, start + begin, start + end) for stage, begin, end in bounds(self.order.plan))
