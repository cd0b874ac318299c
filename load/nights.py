"""Since which night does a figure differ? Asked of Apache Otava, over the history that load runs or comparisons keep.

Its packages are pinned to versions that cannot live beside the gate's: it is a program of an environment of its own.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# What a history may hold that is the worse the more it is, in the order in which it is told.
METRICS = ("cpu_ms_per_request", "latency_ms", "p95")
# With fewer, no change of a tenth could be told from chance.
FEWEST_NIGHTS = 12
SECONDS = 120.0
TEST = "nights"


class NoNights(Exception):
    """The history cannot be asked: absent, malformed, too short, or nobody there to ask."""


@dataclass(frozen=True)
class Change:
    """A night from which on a metric differs.

    Attributes:
        percent: how much more it is than before; negative where it is less.
        before, after: means, in milliseconds.
        p: how likely chance alone is.
    """

    metric: str
    at: datetime
    percent: float
    before: float
    after: float
    p: float

    @property
    def is_worse(self) -> bool:
        return self.after > self.before


def changes(history: Path, otava: str) -> list[Change]:
    """What has changed over the nights of a history (JSON lines), oldest first.

    Args:
        otava: the program.

    Raises:
        NoNights: the history cannot be used, or the program is not there or fails.
    """
    nights = _nights(history)
    metrics = [name for name in METRICS if all(isinstance(night.get(name), int | float) for night in nights)]
    if not metrics:
        raise NoNights(f"{history}: no figure is there for every night; known are {', '.join(METRICS)}")
    with tempfile.TemporaryDirectory(prefix="coursegate-nights-") as folder:
        told = _asked(otava, _question(Path(folder), nights, metrics))
    return sorted(_changes(told), key=lambda change: (change.at, METRICS.index(change.metric)))


def _nights(history: Path) -> list[dict[str, Any]]:
    """Those that can be compared with the last one: the same profile, and the same storage."""
    try:
        lines = history.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
    except (OSError, ValueError) as problem:
        raise NoNights(f"{history}: {problem}") from None
    last = found[-1] if found else {}
    alike = [
        night
        for night in found
        if "at" in night and all(night.get(key) == last.get(key) for key in ("profile", "storage"))
    ]
    if len(alike) < FEWEST_NIGHTS:
        raise NoNights(
            f"{history}: {len(alike)} nights can be compared, and it takes {FEWEST_NIGHTS} to tell a change from chance"
        )
    return alike


def _question(folder: Path, nights: Sequence[dict[str, Any]], metrics: Sequence[str]) -> Path:
    """The configuration of Otava, beside the figures that it names."""
    with (folder / "nights.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, ["at", *metrics], extrasaction="ignore")
        table.writeheader()
        table.writerows(nights)
    said = {
        "type": "csv",
        "file": str(folder / "nights.csv"),
        "time_column": "at",
        "metrics": {name: {"direction": -1, "scale": 1} for name in metrics},
    }
    config = folder / "otava.yaml"
    config.write_text(json.dumps({"tests": {TEST: said}}), encoding="utf-8")  # JSON is YAML, too
    return config


def _asked(otava: str, config: Path) -> Any:
    command = [otava, "analyze", TEST, "--since=1970-01-01", "--output=json"]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "OTAVA_CONFIG": str(config)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        return json.loads(done.stdout)[TEST]
    except FileNotFoundError:
        raise NoNights(
            f"{otava}: there is no such program. Apache Otava wants an environment of its own: "
            "python3 -m venv otava && otava/bin/pip install apache-otava, then --otava=otava/bin/otava"
        ) from None
    except subprocess.CalledProcessError as problem:
        raise NoNights(f"{otava} failed: {' / '.join(problem.stderr.strip().splitlines()[-3:])}") from None
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError) as problem:
        raise NoNights(f"{otava} gave no answer: {problem}") from None


def _changes(told: Any) -> Iterator[Change]:
    for night in told:
        for one in night["changes"]:
            before, after = float(one["mean_before"]), float(one["mean_after"])
            yield Change(
                metric=one["metric"],
                at=datetime.fromtimestamp(night["time"], UTC),
                percent=100 * (after / before - 1) if before else 0.0,
                before=before,
                after=after,
                p=float(one["pvalue"]),
            )
