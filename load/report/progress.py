"""A line on the terminal now and then, while a run goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from coursegate.load.order import Order
from coursegate.load.plan import seconds_of, stage_at
from coursegate.load.rows import FAILED, THROTTLED, WRONG, Rows, percentile

EVERY = 5.0


class Progress:
    """Says every few seconds where a run is."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._last = 0.0
        self._told = 0

    def __call__(self, order: Order, rows: Rows) -> None:
        now = time.time()
        if rows.started is None or now - self._last < EVERY:
            return
        new, self._last, self._told = rows.rows[self._told :], now, len(rows.rows)
        passed = now - rows.started
        plan = rows.plan or order.plan
        stage = stage_at(plan, passed)
        bad = sum(row.outcome in (FAILED, WRONG) for row in new)
        refused = sum(row.outcome == THROTTLED for row in new)
        self._say(
            f"  {passed:4.0f} of {seconds_of(plan):.0f} s  {stage.name if stage else 'ending':<10} "
            f"{len(rows.rows):6} requests, p95 of the last {percentile((row.latency for row in new), 0.95):5.0f} ms, "
            f"{bad} failed, {refused} throttled" + (f", {len(rows.broken)} BROKEN" if rows.broken else "")
        )
