"""When a climb is over: the target no longer keeps up, and a higher rate would only make the queue longer."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from coursegate.load.rows import FAILED, WRONG, Row, percentile

# What came back in the last seconds tells; a few answers tell nothing.
SECONDS, LEAST = 5.0, 50
# Nobody waits so long for a page, and a target that fails so often has no further to go.
MOST_P95_MS, MOST_ERRORS = 2000.0, 0.02


class Climb:
    """The answers of the last seconds, of all generator processes together.

    Attributes:
        ended: whether it is over, and everybody has been told.
    """

    def __init__(self) -> None:
        self.ended = False
        self._came: deque[tuple[float, Row]] = deque()

    def take(self, rows: Iterable[Row]) -> None:
        self._came.extend((row.due + row.latency / 1000, row) for row in rows)

    def over(self, now: float) -> str:
        """Why the target no longer keeps up at this moment, in seconds since the epoch; "" while it does."""
        self._came = deque((at, row) for at, row in self._came if at > now - SECONDS)
        rows = [row for _, row in self._came]
        if len(rows) < LEAST:
            return ""
        slow = percentile((row.latency for row in rows), 0.95)
        errors = sum(row.outcome in (FAILED, WRONG) for row in rows) / len(rows)
        told = (
            f"of {len(rows)} answers in {SECONDS:g} s the p95 was {slow:.0f} ms, and {errors:.1%} were errors"
        )
        return told if slow > MOST_P95_MS or errors > MOST_ERRORS else ""
