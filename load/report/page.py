"""`load.html`: the page people read, one file that asks nobody for anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursegate.harness.atomic_file import write_whole
from coursegate.load.judging.evidence import Evidence
from coursegate.load.question import Answered
from coursegate.load.report.charts import latency, nights, throughput

FOLDER = Path(__file__).parent


def write_page(answered: Answered, data: dict[str, Any], folder: Path) -> Path:
    """Write `load.html`, whole or not at all.

    Raises:
        OSError: the folder has become unwritable.
    """
    return write_whole(folder / "load.html", render(answered, data))


def render(answered: Answered, data: dict[str, Any]) -> str:
    """The page; `data` is that of verdict.json."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, trim_blocks=True
    )
    # The charts are our own SVG; every text of a target is escaped.
    charts = [Markup(chart) for chart in _charts(answered) if chart]
    return environment.get_template("load.html.jinja").render(data=data, charts=charts)


def _charts(answered: Answered) -> list[str]:
    history = read_history(answered.question.history)
    told = [
        nights(history, "p95", "p95 of earlier nights, in milliseconds"),
        nights(
            history, "cpu_ms_per_request", "Processor time per request of earlier nights, in milliseconds"
        ),
    ]
    if not answered.order or not answered.rows.rows:
        return told
    evidence = Evidence(answered.order, answered.rows, answered.watched)
    listed = answered.question.objectives.profiles.get(answered.question.profile, ())
    limits = [one.p95 for one in listed if one.p95 is not None]
    return [throughput(evidence), latency(evidence, limits), *told]


def read_history(path: Path | None) -> list[dict[str, Any]]:
    """The nights of a history, oldest first; none of no file."""
    if path is None or not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def remember(data: dict[str, Any], path: Path) -> None:
    """Add a run to the history, unless it is void: what was not shown is compared with nothing."""
    if data["verdict"] == "void" or not data["by_scenario"]:
        return
    judged = [stage for stage in data["stages"] if stage["judged"] and stage["cpu_ms_per_request"]]
    line = {
        "at": data["started"],
        "target": data["target"],
        "profile": data["profile"],
        "verdict": data["verdict"],
        "p95": _weighted(data["by_scenario"], "p95", "requests"),
        "cpu_ms_per_request": _weighted(judged, "cpu_ms_per_request", "requests"),
    }
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")


def _weighted(lines: Sequence[dict[str, Any]], key: str, weight: str) -> float | None:
    total = sum(line[weight] for line in lines)
    return round(sum(line[key] * line[weight] for line in lines) / total, 3) if total else None
