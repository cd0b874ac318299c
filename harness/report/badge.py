"""`badge.json`: the verdict in three words, as an endpoint badge of shields.io reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursegate.harness.atomic_file import write_whole
from coursegate.harness.report.gate_json import Result
from coursegate.harness.verdicts import Verdict

_COLOURS = {"pass": "brightgreen", "fail": "red", "partial": "yellow"}


def write_badge(result: Result, folder: Path) -> Path:
    """Write `badge.json`, whole or not at all.

    Raises:
        OSError: the folder has become unwritable.
    """
    return write_whole(folder / "badge.json", json.dumps(badge(result)) + "\n")


def badge(result: Result) -> dict[str, Any]:
    """The badge; a run that was cut short or filtered never looks like one that passed."""
    broken = result.summary[Verdict.FAIL] - sum(
        cell["verdict"] == Verdict.FAIL for cell in result.cells if cell["id"] in set(result.deferred)
    )
    counted = f", {broken:,} of {result.declared:,} broken" if broken else ""
    phase = f" (phase {result.phase})" if result.phase is not None else ""
    return {
        "schemaVersion": 1,
        "label": "coursegate",
        "message": f"{result.verdict}{counted}{phase}",
        "color": _COLOURS.get(result.verdict, "lightgrey"),
    }
