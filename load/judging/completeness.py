"""Whether a run was what it was to be. One that was not is void: it proves nothing, neither good nor bad."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursegate.contracts.slo import Objective
from coursegate.load.judging.evidence import Evidence
from coursegate.load.plan import seconds_of
from coursegate.load.rows import percentile
from coursegate.load.scenarios.catalogue import sources

# Of the arrivals of a stage so many must have come; each source may be one off at either end.
LEAST_SHARE = 0.95
# Journeys that find everything in use make the traffic another one than was planned.
MOST_SKIPPED = 0.2
# A generator may add so much to what it measures: a part of the tightest objective, or what any process scheduler does.
SHARE_OF_OBJECTIVE, LEAST_LIMIT_MS = 0.25, 30.0
# A third of the machine for somebody else, and it is no longer the target that is measured.
MOST_FOR_OTHERS = 0.35
SECONDS_AT_THE_END, SHARE_LOST = 3.0, 0.9
# Locust ends with 1 where it counts failed requests; those are judged here.
_ENDINGS = (0, 1)


@dataclass(frozen=True)
class Hole:
    """Why a run is void: a stable word, and what was seen."""

    code: str
    text: str


def holes(evidence: Evidence, objectives: Sequence[Objective]) -> list[Hole]:
    """All that is lacking; the first is the one to tell, the others mostly follow from it."""
    rows = evidence.rows
    if rows.run and rows.run != evidence.order.run:
        return [Hole("stale-rows", f"the rows are of run {rows.run}, this is run {evidence.order.run}")]
    found = [*_from_outside(evidence), *_ending(evidence), *_workers(evidence)]
    if not rows.rows:
        return [*found, Hole("no-requests", "not one request was sent")]
    return [
        *found,
        *_cap(evidence),
        *_target(evidence),
        *_arrivals(evidence),
        *_lateness(evidence, objectives),
    ]


def _from_outside(evidence: Evidence) -> Iterator[Hole]:
    watched = evidence.watched
    if watched.interrupted:
        yield Hole("interrupted", "somebody stopped the run")
    if watched.server_ended is not None:
        yield Hole("server-ended", f"the server ended during the run, with exit code {watched.server_ended}")
    if watched.code is None:
        yield Hole("generator-hung", "Locust did not end by itself, and was ended")
    elif watched.code not in _ENDINGS:
        yield Hole("generator-ended", f"Locust ended with exit code {watched.code}")


def _ending(evidence: Evidence) -> Iterator[Hole]:
    rows = evidence.rows
    if rows.started is None:
        yield Hole("not-started", "the generator never began its plan")
        return
    if not rows.ended or rows.ended_at is None:
        yield Hole("no-ending", "the generator wrote no last line: it was killed")
        return
    wanted, took = seconds_of(evidence.order.plan), rows.ended_at - rows.started
    if took < wanted - 0.5:
        yield Hole("stopped-early", f"it ran {took:.1f} s of {wanted:g} s")


def _workers(evidence: Evidence) -> Iterator[Hole]:
    wanted, rows = evidence.lines, evidence.rows
    if not evidence.order.workers:
        return
    begin, end = rows.started or 0.0, (rows.started or 0.0) + seconds_of(evidence.order.plan)
    fewest = min((alive for at, alive in rows.counts if begin <= at < end), default=0)
    if fewest < wanted:
        yield Hole("worker-lost", f"of {wanted} workers {fewest} were alive at one time")
    last = sum(final for _, final in rows.reporting.values())
    if last < wanted:
        yield Hole("report-missing", f"of {wanted} workers {last} sent their last report")


def _cap(evidence: Evidence) -> Iterator[Hole]:
    most = evidence.order.most_requests // max(1, evidence.order.workers) * evidence.lines
    if len(evidence.rows.rows) >= most:
        yield Hole("capped", f"it was to send {most} requests at most, and had sent them before its end")


def _target(evidence: Evidence) -> Iterator[Hole]:
    """Whether it was still there at the end: a target that is gone is no slow target."""
    rows = evidence.rows.rows
    last = max(row.due for row in rows)
    late = [row for row in rows if row.due > last - SECONDS_AT_THE_END]
    lost = [row for row in late if row.status == 0]
    if len(late) >= 5 and len(lost) >= SHARE_LOST * len(late):
        yield Hole("target-lost", f"of the last {len(late)} requests {len(lost)} got no answer")


def _arrivals(evidence: Evidence) -> Iterator[Hole]:
    slack = 2 * math.sqrt(sources(evidence.order.only))
    for stage, begin, end in evidence.spans():
        if not stage.judged:
            continue
        wanted = stage.rate * stage.seconds
        came, skipped = evidence.arrived(begin, end)
        if came + skipped < LEAST_SHARE * wanted - slack:
            yield Hole("rate-missed", f"{stage.name}: {came + skipped} of {wanted:.0f} journeys arrived")
        if skipped > MOST_SKIPPED * wanted + slack:
            yield Hole(
                "world-too-small",
                f"{stage.name}: {skipped} of {wanted:.0f} journeys found everything in use that they write; "
                "a larger world (--world-size) has more of it",
            )


def busy(evidence: Evidence) -> Iterator[Hole]:
    """Whether the machine worked for others: what took long then may not be the target's doing."""
    begin, end = evidence.rows.started or 0.0, evidence.rows.ended_at or 0.0
    seen = [sample for sample in evidence.watched.machine if begin <= sample[0] <= end]
    if len(seen) < 2:
        return
    (since, worked, ours), (until, worked_now, ours_now) = seen[0], seen[-1]
    others = (worked_now - worked) - (ours_now - ours)
    share = others / ((until - since) * (os.cpu_count() or 1))
    if share > MOST_FOR_OTHERS:
        yield Hole(
            "machine-busy",
            f"latencies are too high, and {share:.0%} of this machine's processors worked for something else",
        )


def _lateness(evidence: Evidence, objectives: Sequence[Objective]) -> Iterator[Hole]:
    """Whether what was measured is the target's doing. Without objectives for latency nobody needs to know."""
    limits = [limit for one in objectives for limit in (one.p50, one.p95) if limit is not None]
    if not limits:
        return
    most = max(LEAST_LIMIT_MS, SHARE_OF_OBJECTIVE * min(limits))
    late = percentile((row.late for row in evidence.of_stage("judged")), 0.95)
    delayed = percentile(evidence.rows.delays, 0.95)
    if not evidence.rows.delays and evidence.order.delay:
        yield Hole("canary-missing", "the endpoint with constant delay was never heard of")
    if max(late, delayed) > most:
        yield Hole(
            "generator-late",
            f"the generator sent p95 {late:.0f} ms late and read p95 {delayed:.0f} ms late; "
            f"at most {most:.0f} ms go unnoticed beside these objectives",
        )
