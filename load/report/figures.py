"""The figures of a run that every report shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from coursegate.load.judging.evidence import Evidence
from coursegate.load.question import Answered
from coursegate.load.rows import FAILED, THROTTLED, WRONG, Row, percentile

REFUSALS = (401, 403, 429)


def table(rows: Iterable[Row], *keys: str) -> list[dict[str, Any]]:
    """One line for each combination of the keys: requests, latencies, and what went wrong."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(getattr(row, key) for key in keys)].append(row)
    return [dict(zip(keys, group, strict=True)) | _line(found) for group, found in sorted(groups.items())]


def _line(rows: list[Row]) -> dict[str, Any]:
    latencies = [row.latency for row in rows]
    outcomes = Counter(row.outcome for row in rows)
    return {
        "requests": len(rows),
        "p50": round(percentile(latencies, 0.5), 1),
        "p95": round(percentile(latencies, 0.95), 1),
        "p99": round(percentile(latencies, 0.99), 1),
        "failed": outcomes[FAILED],
        "throttled": outcomes[THROTTLED],
        "wrong": outcomes[WRONG],
    }


def refusals(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """401, 403 and 429 by tier and operation."""
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in rows:
        if row.status in REFUSALS:
            found[row.tier, row.operation][row.status] += 1
    return [
        {"tier": tier, "operation": operation} | {str(status): counts[status] for status in REFUSALS}
        for (tier, operation), counts in sorted(found.items())
    ]


def stages(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """For each stage: what was offered, what came, what the server's processors did."""
    for stage, begin, end in evidence.spans():
        rows = [row for row in evidence.rows.rows if begin <= row.due < end]
        arrived, skipped = evidence.arrived(begin, end)
        yield {
            "stage": stage.name,
            "judged": stage.judged,
            "seconds": stage.seconds,
            "offered": round(stage.rate * stage.seconds),
            "arrived": arrived + skipped,
            "skipped": skipped,
            "requests": len(rows),
            "per_second": round(len(rows) / stage.seconds, 1),
            "cpu_ms_per_request": cpu_per_request(evidence.watched.server_cpu, begin, end, len(rows)),
        }


def cpu_per_request(
    samples: list[tuple[float, float]], begin: float, end: float, requests: int
) -> float | None:
    """Milliseconds of the server's processor time per request; None where nobody could look."""
    inside = [(at, used) for at, used in samples if begin <= at <= end]
    if len(inside) < 2 or not requests:
        return None
    share = (inside[-1][0] - inside[0][0]) / (end - begin)
    return round((inside[-1][1] - inside[0][1]) * 1000 / (requests * share), 3)


def generator(answered: Answered) -> dict[str, Any]:
    """What the generator itself took, and how late it was."""
    rows = answered.rows
    judged = [row.late for row in rows.rows]
    return {
        "cpu_us_per_request": round(sum(rows.cpu.values()) * 1e6 / len(rows.rows)) if rows.rows else None,
        "sent_late_p95_ms": round(percentile(judged, 0.95), 1),
        "canary_late_p95_ms": round(percentile(rows.delays, 0.95), 1),
        "canary_requests": len(rows.delays),
        "workers": {
            name: {"requests": count, "finished": last} for name, (count, last) in rows.reporting.items()
        },
    }


def work_table(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Statements and rows fetched in the target's database, by operation and tier, as median and most."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.queries >= 0 and row.status in (200, 201, 204):
            found[row.operation, row.tier].append(row)
    return [
        {
            "operation": operation,
            "tier": tier,
            "answers": len(group),
            "statements_p50": percentile([one.queries for one in group], 0.5),
            "statements_most": max(one.queries for one in group),
            "rows_p50": percentile([one.fetched for one in group], 0.5),
            "rows_most": max(one.fetched for one in group),
        }
        for (operation, tier), group in sorted(found.items())
    ]
