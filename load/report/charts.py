"""Charts as SVG inside the page: no script, nothing fetched."""

from __future__ import annotations

import importlib
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from coursegate.load.judging.evidence import Evidence
from coursegate.load.plan import bounds
from coursegate.load.rows import Row, percentile
from coursegate.load.scenarios.catalogue import ONCE

# Besides a script, the library leaves notes with links to itself.
_LEFT_OUT = re.compile(r"<script.*?</script>|<!--.*?-->", re.DOTALL)
# A page of hours has no more points than one of minutes.
MOST_POINTS = 240


def throughput(evidence: Evidence) -> str:
    """Journeys a second, offered and arrived."""
    step = _step(evidence)
    arrived = _by_step(
        [row for row in evidence.rows.rows if row.first and row.scenario not in ONCE], evidence, step
    )
    offered = [
        (moment, stage.rate) for stage, begin, end in bounds(evidence.order.plan) for moment in (begin, end)
    ]
    return _chart(
        "Journeys a second",
        {"offered": offered, "arrived": [(at, len(rows) / step) for at, rows in arrived]},
    )


def latency(evidence: Evidence, limits: Sequence[float]) -> str:
    """Milliseconds over time: median and p95 of each step, and the objectives' p95 as lines."""
    step = _step(evidence)
    found = _by_step(evidence.rows.rows, evidence, step)
    lines: dict[str, list[tuple[float, float]]] = {
        "p50": [(at, percentile((row.latency for row in rows), 0.5)) for at, rows in found],
        "p95": [(at, percentile((row.latency for row in rows), 0.95)) for at, rows in found],
    }
    last = found[-1][0] if found else 0.0
    for limit in sorted(set(limits)):
        lines[f"objective {limit:g} ms"] = [(0.0, limit), (last, limit)]
    return _chart("Latency in milliseconds, from the moment a request was due", lines)


def nights(history: Sequence[dict[str, Any]], key: str, title: str) -> str:
    """A figure over the nights of a history, oldest first; "" of fewer than two."""
    points = [(float(number), float(line[key])) for number, line in enumerate(history, 1) if line.get(key)]
    return _chart(title, {key: points}) if len(points) > 1 else ""


def _step(evidence: Evidence) -> float:
    total = sum(stage.seconds for stage in evidence.order.plan)
    return max(1.0, total / MOST_POINTS)


def _by_step(rows: Sequence[Row], evidence: Evidence, step: float) -> list[tuple[float, list[Row]]]:
    start = evidence.rows.started or 0.0
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[int((row.due - start) // step)].append(row)
    return [(number * step, group) for number, group in sorted(found.items())]


@cache
def _library() -> Any:
    """Imported late, as only whoever writes a page needs it; without what it leaves behind for plugins: a finder of modules
    of a kind that Python warns of at each import that fails.
    """
    before = list(sys.meta_path)
    library = importlib.import_module("pygal")
    sys.meta_path[:] = before
    return library


def _chart(title: str, lines: dict[str, list[tuple[float, float]]]) -> str:
    pygal = _library()

    make: Callable[..., Any] = pygal.XY
    chart = make(
        title=title,
        js=(),
        height=280,
        width=900,
        dots_size=1,
        show_x_guides=False,
        legend_at_bottom=True,
        include_x_axis=False,
        range=(0, max((y for points in lines.values() for _, y in points), default=1.0) * 1.05 or 1.0),
        style=pygal.style.Style(
            background="transparent", plot_background="transparent", font_family="sans-serif"
        ),
    )
    for name, points in lines.items():
        chart.add(name, points)
    svg: str = chart.render(is_unicode=True, disable_xml_declaration=True)
    return _LEFT_OUT.sub("", svg)
