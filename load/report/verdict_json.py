"""`verdict.json`: the stable result of a run under load."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coursegate.harness.atomic_file import write_whole
from coursegate.load.judging.evidence import Evidence
from coursegate.load.question import Answered
from coursegate.load.report.figures import generator, refusals, stages, table, work_table

SCHEMA_VERSION = 1


def as_data(answered: Answered) -> dict[str, Any]:
    """The whole result as JSON data."""
    verdict, question = answered.verdict, answered.question
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "verdict": str(verdict.word),
        "exit_code": verdict.exit_code,
        "cause": verdict.cause,
        "reason": verdict.reason,
        "target": question.label,
        "setting": dict(answered.setting),
        "profile": question.profile,
        "run": answered.order.run if answered.order else "",
        "started": _moment(answered.rows.started),
        "invariants": [
            {
                "invariant": one.name,
                "count": one.count,
                "examples": [
                    {
                        "at": _moment(broken.at),
                        "scenario": broken.scenario,
                        "tier": broken.tier,
                        "text": broken.text,
                    }
                    for broken in one.examples
                ],
            }
            for one in verdict.invariants
        ],
        "void": [vars(hole) for hole in verdict.holes],
        "objectives": [vars(result) for result in verdict.results],
        "left_out": dict(answered.left_out),
        "notes": answered.rows.notes,
        "over": answered.rows.over,
        "generator": generator(answered),
        "stages": [],
    }
    if answered.order:
        evidence = Evidence(answered.order, answered.rows, answered.watched)
        judged = evidence.of_stage("judged")
        data |= {
            "stages": list(stages(evidence)),
            "by_scenario": table(judged, "scenario", "tier"),
            "by_operation": table(judged, "operation", "tier"),
            "refusals": refusals(judged),
            "work": work_table(judged),
        }
    return data


def write_verdict(data: dict[str, Any], folder: Path) -> Path:
    """Write `verdict.json`, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    return write_whole(folder / "verdict.json", json.dumps(data, indent=1) + "\n")


def _moment(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""
