"""The gate as a user starts it: a process of its own, judged by its exit code, its terminal and its report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coursegate

ROOT = Path(coursegate.__file__).parent
BACKEND = ROOT / "backend"
SECONDS = 900
# Rows of every sort: whoever asks about the gate, not about the backend, need not ask for all of them.
ROWS = (
    *("categories.list/categories", "courses.retrieve/course-open", "courses.retrieve/course-draft"),
    *("courses.partial_update/course-open", "courses.partial_update/course-draft", "lessons.list/lessons"),
    *("lessons.retrieve/lesson-guest", "lessons.retrieve/lesson-premium", "lessons.retrieve/lesson-in-draft"),
    *("subscription.current/self", "enrollments.retrieve/enrollment-registered", "notes.list/notes"),
)
SAMPLE = ("-k", " or ".join(f"test_access[{row}/" for row in ROWS))


@dataclass(frozen=True)
class GateRun:
    code: int
    output: str
    reports: Path

    @property
    def result(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.reports / "gate.json").read_text(encoding="utf-8"))
        return data

    def cells(self) -> dict[str, dict[str, Any]]:
        return {cell["id"]: cell for cell in self.result["cells"]}

    def verdicts(self) -> dict[str, str]:
        return {cell["id"]: cell["verdict"] for cell in self.result["cells"]}

    def failures(self) -> list[dict[str, Any]]:
        return [cell for cell in self.result["cells"] if cell["verdict"] == "fail"]

    def judged_share(self) -> float:
        """How many of the cells that were asked for got a verdict of their own."""
        summary = self.result["summary"]
        return float((summary["pass"] + summary["fail"]) / len(self.result["cells"]))


def run_gate(
    folder: Path,
    *options: str,
    target: Path | str = BACKEND,
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
) -> GateRun:
    """Judge a target, with the reports in `folder`."""
    reports = folder / "reports"
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "run",
        f"--target={target}",
        f"--report-dir={reports}",
        *options,
    ]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return GateRun(done.returncode, done.stdout + done.stderr, reports)
