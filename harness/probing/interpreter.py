"""A fresh interpreter on a target: for what happens when its code is loaded, in whatever order."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursegate.harness.deadline import UNFINISHED
from coursegate.harness.targets.binding import (
    DATABASE_VARIABLE,
    DEVELOPING,
    OVERLAY_SETTINGS,
    SCRATCH_VARIABLE,
    SETTINGS_VARIABLE,
    Binding,
    Database,
)
from coursegate.harness.targets.ground import GROUND_VARIABLE

SECONDS = 60.0


@dataclass(frozen=True)
class Finished:
    """How a program ended; `code` is None where it had to be ended."""

    code: int | None
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """What it said last, for a message."""
        lines = [line for line in (self.err + "\n" + self.out).splitlines() if line.strip()]
        return lines[-1].strip() if lines else "nothing was said"


def run_fresh(
    binding: Binding,
    code: str,
    *,
    options: Sequence[str] = (),
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Finished:
    """Run a program in the target's folder under the overlay, as `python OPTIONS -c CODE ARGUMENTS`.

    Nothing is written into the target. Django is not started: the program does that where it needs it.
    """
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        surroundings = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": binding.python_path,
            "DJANGO_SETTINGS_MODULE": OVERLAY_SETTINGS,
            SETTINGS_VARIABLE: binding.settings,
            SCRATCH_VARIABLE: scratch,
            DATABASE_VARIABLE: Database.MEMORY,
            GROUND_VARIABLE: "",
            **(environment or {}),
        }
        for name in DEVELOPING:
            surroundings.pop(name, None)
        try:
            done = subprocess.run(
                [sys.executable, *options, "-c", code, *arguments],
                cwd=Path(binding.path),
                env=surroundings,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Finished(None, "", f"{UNFINISHED} {seconds:g} s")
        return Finished(done.returncode, done.stdout, done.stderr)
