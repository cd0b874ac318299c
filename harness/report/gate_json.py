"""`gate.json`: the stable machine-readable result (schema beside this file)."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursegate.harness.atomic_file import write_whole
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.difference import Difference
from coursegate.harness.report.promise_verdicts import verdicts_by_promise
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.finding import Place
from coursegate.harness.targets.guards import Ledger
from coursegate.harness.verdicts import Verdict, reason_word
from coursegate.harness.waivers import WRONG, Standing

SCHEMA_VERSION = "1.0"
SCHEMA = Path(__file__).with_name("gate.schema.json")


@dataclass(frozen=True)
class Result:
    """Everything a run found.

    Attributes:
        verdict: pass, fail, partial (a filtered run that found nothing wrong), interrupted or error.
        cells: judgements as plain data, in a fixed order.
        release: the release of the gate whose checks alone were asked for; "" for all of today.
        left_out: how many checks are newer than that.
        phase: the last phase of the migration plan that was to block; None for all of them.
        waivers: each with what has become of it in this run.
        services: what it stood on, as options to type; "" where that was left to the gate.
        ledger: what the run has made in a deployment, and whether that is gone again.
        since: how it differs from an earlier run, where one was named; it decides nothing.
        deferred: ids of the cells that are not kept and belong to later phases; they do not decide the verdict.
    """

    verdict: str
    exit_code: int
    binding: Place
    preflight: Sequence[RungResult]
    cells: Sequence[dict[str, Any]]
    declared: int
    seed: str
    duration_s: float
    size: int = 1
    release: str = ""
    left_out: int = 0
    phase: int | None = None
    deferred: Sequence[str] = ()
    harness_errors: Sequence[str] = ()
    waivers: Sequence[Standing] = ()
    services: str = ""
    since: Difference | None = None
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def wrong_waivers(self) -> list[Standing]:
        """Those that keep a run of everything from being green; a filtered one says nothing about them."""
        full = len(self.cells) == self.declared
        return [standing for standing in self.waivers if standing.state in WRONG and full]

    @property
    def summary(self) -> dict[str, int]:
        counts = Counter(cell["verdict"] for cell in self.cells)
        return {str(verdict): counts.get(verdict, 0) for verdict in Verdict}

    @property
    def blocking_cells(self) -> list[dict[str, Any]]:
        """The cells that decide the verdict."""
        deferred = set(self.deferred)
        return [cell for cell in self.cells if cell["id"] not in deferred]

    def replay(self, cell: str) -> str:
        """What to type to have one cell asked again as it was asked in this run."""
        return replay_command(cell, self.binding, self.size, self.services)

    @property
    def not_assessed(self) -> dict[str, int]:
        """How many cells could not be assessed, by the word for why."""
        cells = [cell for cell in self.cells if cell["verdict"] == Verdict.NOT_ASSESSED]
        return dict(sorted(Counter(reason_word(cell["reason"]) for cell in cells).items()))

    @property
    def commit(self) -> str:
        return (
            git(self.binding.path, "rev-parse", "--short", "HEAD")
            if isinstance(self.binding, Binding)
            else ""
        )

    @property
    def target(self) -> dict[str, Any]:
        extra = {key: value for result in self.preflight for key, value in result.extra.items()}
        return {
            **self.binding.described(),
            "commit": self.commit,
            "versions": extra.get("versions", {}),
            "overlay": extra.get("overlay", []),
        }

    def as_dict(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "target": self.target,
            "summary": {**self.summary, "declared": self.declared},
            "not_assessed": self.not_assessed,
            "cells": list(self.cells),
            "findings": _findings(self.cells),
            "preflight": [_rung(result) for result in self.preflight],
            **({"release": self.release, "left_out": self.left_out} if self.release else {}),
            "phase": self.phase,
            "deferred": list(self.deferred),
            "waivers": [standing.as_dict() for standing in self.waivers],
            **({"ledger": self.ledger.as_dict()} if self.ledger.removed or self.ledger.left else {}),
            **({"since": self.since.as_dict()} if self.since else {}),
            "harness_errors": list(self.harness_errors),
            "seed": self.seed,
            "size": self.size,
            "duration_s": round(self.duration_s, 2),
        }


def write(result: Result, folder: Path) -> Path:
    """Write `gate.json`, whole or not at all.

    Raises:
        OSError: the folder has become unwritable.
    """
    text = json.dumps(result.as_dict(), indent=1, ensure_ascii=False) + "\n"
    return write_whole(folder / "gate.json", text)


def replay_command(cell: str, place: Place, size: int, services: str) -> str:
    """What to type to have one cell asked again as it was asked in a run."""
    # The world of a deployment has the size that its file says.
    sized = size > 1 and isinstance(place, Binding)
    options = [place.options, f"--size={size}" if sized else "", services]
    return " ".join(["coursegate replay", shlex.quote(cell), *filter(None, options)])


def git(path: Path, *question: str) -> str:
    """What git says of a checkout, or "" where there is none."""
    command = ["git", "-C", str(path), *question]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _rung(result: RungResult) -> dict[str, Any]:
    said = result.as_dict()
    return {key: said[key] for key in ("rung", "verdict", "causes", "blocks", "notes")} | {
        "cause": result.cause
    }


def _findings(cells: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        promise: {
            "verdict": str(found.verdict),
            "reason": found.checks[0]["reason"],
            "checks": [cell["id"] for cell in found.checks],
            **({"through": list(found.through)} if found.through else {}),
        }
        for promise, found in verdicts_by_promise(cells).items()
    }
