"""`coursegate load` as a person starts it: a process of its own, judged by its exit code and its verdict."""

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
COMMAND = [sys.executable, "-m", "coursegate.commands.cli", "load"]
SECONDS = 300


@dataclass(frozen=True)
class LoadRun:
    code: int
    printed: str
    reports: Path

    @property
    def verdict(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.reports / "verdict.json").read_text(encoding="utf-8"))
        return data

    @property
    def ended(self) -> tuple[int, str, str]:
        """Exit code, verdict and its cause."""
        return self.code, self.verdict["verdict"], self.verdict["cause"]


def run_load(folder: Path, *options: str) -> LoadRun:
    """Make a run, with its report in `folder`."""
    reports = folder / "load"
    done = subprocess.run(
        [*COMMAND, f"--report-dir={reports}", *options],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return LoadRun(done.returncode, done.stdout + done.stderr, reports)
