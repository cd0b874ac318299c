"""Rows on their way to one file: written here, or sent to the master with Locust's own reports."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from coursegate.load.rows import Broken, Row

KEY = "coursegate"
# Of one invariant, so many examples a process; the rows count them all.
MOST_EXAMPLES = 20


class Buffer:
    """What a process has seen since its last report."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._broken: list[Broken] = []
        self._delays: list[float] = []
        self._notes: dict[str, str] = {}
        self._skipped: list[tuple[float, str]] = []
        self._examples: Counter[str] = Counter()
        self._cpu = time.process_time()

    def begin(self) -> None:
        """What the process has used so far was for starting."""
        self._cpu = time.process_time()

    def row(self, row: Row) -> None:
        self._rows.append(row)

    def broken(self, broken: Broken) -> None:
        self._examples[broken.invariant] += 1
        if self._examples[broken.invariant] <= MOST_EXAMPLES:
            self._broken.append(broken)

    def note(self, about: str, text: str) -> None:
        self._notes[about] = text

    def skipped(self, due: float, scenario: str) -> None:
        self._skipped.append((round(due, 4), scenario))

    def delay(self, milliseconds: float) -> None:
        self._delays.append(round(milliseconds, 2))

    def take(self, *, final: bool) -> dict[str, Any]:
        """The report, as JSON data; the next one begins empty."""
        broken = [list(vars(one).values()) for one in self._broken]
        report = {
            "rows": self._rows,
            "broken": broken,
            "delays": self._delays,
            "cpu": time.process_time() - self._cpu,
            "notes": self._notes,
            "skipped": self._skipped,
            "final": final,
        }
        self._rows, self._broken, self._delays, self._notes, self._skipped = [], [], [], {}, []
        return report


class RowFile:
    """The file of the run, written by the only process or by the master."""

    def __init__(self, path: Path, run: str) -> None:
        self._stream = path.open("a", encoding="utf-8")
        self.write({"run": run})

    def write(self, line: dict[str, Any]) -> None:
        self._stream.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()
