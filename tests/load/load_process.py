"""`coursegate load` as a person starts it: a process of its own, judged by its exit code and its verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def started(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A run that goes on, from the moment its first stage is told, and the processes it has started.

    What is left of it afterwards is killed.
    """
    with subprocess.Popen(
        [*COMMAND, f"--report-dir={folder / 'load'}", *options],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            _until(process, "steady")
            noted = next(folder.glob("coursegate-load-*/processes.json")).read_text(encoding="utf-8")
            yield process, json.loads(noted)
        finally:
            process.kill()


def finished(process: subprocess.Popen[str], folder: Path) -> LoadRun:
    """The run when it has ended by itself."""
    printed, _ = process.communicate(timeout=SECONDS)
    return LoadRun(process.returncode, printed, folder / "load")


def _until(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    printed = ""
    while word not in printed:
        line = process.stdout.readline()
        assert line, printed
        printed += line
