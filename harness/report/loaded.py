"""What `coursegate load` has shown: `load/verdict.json`, where it lies beside the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One objective, and what was seen of it."""

    about: str
    figure: str
    seen: float
    limit: float
    samples: int
    held: bool


@dataclass(frozen=True)
class Load:
    """A run under load.

    Attributes:
        broken: invariants that did not hold, as (name, how often, an example).
        void: why the run proves nothing; empty where it does.
    """

    verdict: str
    reason: str
    profile: str
    target: str
    started: str
    figures: Sequence[Figure]
    broken: Sequence[tuple[str, int, str]]
    void: Sequence[str]


def read_load(folder: Path) -> Load | None:
    """The run under load beside a report; None where there is none, or none that can be read."""
    try:
        data = json.loads((folder / "load" / "verdict.json").read_text(encoding="utf-8"))
        return _load(data)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _load(data: Mapping[str, Any]) -> Load:
    return Load(
        **{name: str(data[name]) for name in ("verdict", "reason", "profile", "target", "started")},
        figures=[
            Figure(
                str(one["about"]),
                str(one["figure"]),
                float(one["seen"]),
                float(one["limit"]),
                int(one["samples"]),
                bool(one["held"]),
            )
            for one in data["objectives"]
        ],
        broken=[
            (str(one["invariant"]), int(one["count"]), str(one["examples"][0]["text"]))
            for one in data["invariants"]
        ],
        void=[str(hole["text"]) for hole in data["void"]],
    )
