"""A run is judged by invariants first, then by whether it was whole, then by its objectives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.slo import Objective, Objectives
from coursegate.load.judging.evidence import Evidence
from coursegate.load.judging.verdict import Verdict, Word, judge
from coursegate.load.rows import FAILED, THROTTLED, Broken, Row
from coursegate.tests.load.imagined_run import ORDER, START, evidence, row, watched, whole_run

NOTHING = dict.fromkeys(("p50", "p95", "errors", "throttled", "recovers_within"))
LEAK = Broken(START + 9, "leak", "search", "guest", "GET /api/search/: guest received a canary")


def objectives(work: Mapping[str, int] | None = None, **figures: Any) -> Objectives:
    one = Objective("all", "all", "steady", 200, **{**NOTHING, **(figures or {"errors": 0.01})}, line=1)
    return Objectives(Path("slo.yaml"), {"smoke": (one,)}, work or {})


def verdict(given: Evidence, wanted: Objectives | None = None) -> Verdict:
    return judge(given, wanted or objectives(p50=100.0, p95=300.0, errors=0.01, throttled=0.0), "smoke")


def changed(rows: list[Row], every: int, **values: Any) -> list[Row]:
    return [one._replace(**values) if number % every == 0 else one for number, one in enumerate(rows)]


def test_a_whole_run_passes() -> None:
    """A run that was whole and kept everything passes."""
    assert verdict(evidence()).word is Word.PASS


def test_a_leak_comes_before_everything_else() -> None:
    """One leak fails a run that is void and slow besides."""
    found = verdict(evidence([row(latency=9000.0)], broken=[LEAK], ended=""))
    assert (found.word, found.cause, found.exit_code) == (Word.BROKEN_INVARIANT, "leak", 1)


FOREIGN = replace(ORDER, workers=3)
VOIDS: dict[str, Evidence] = {
    "stale-rows": evidence(run="an earlier run"),
    "no-requests": evidence([]),
    "not-started": evidence(started=None),
    "no-ending": evidence(ended=""),
    "stopped-early": evidence(ended_at=START + 20),
    "generator-hung": evidence(code=None),
    "generator-ended": evidence(code=-9),
    "server-ended": watched(evidence(), server_ended=-9),
    "rate-missed": evidence(whole_run()[::2]),
    "world-too-small": evidence(
        whole_run()[::2], skipped=[(one.due, one.scenario) for one in whole_run()[1::2]]
    ),
    "worker-lost": evidence(order=FOREIGN, counts=[(START, 3), (START + 9, 2)]),
    "report-missing": evidence(order=FOREIGN, counts=[(START, 3)], reporting={"a": (1, True)}),
    "target-lost": evidence(
        [one._replace(status=0, outcome=FAILED) if one.due > START + 30 else one for one in whole_run()]
    ),
    "capped": evidence(order=replace(ORDER, most_requests=300)),
    "generator-late": evidence(changed(whole_run(), 3, late=80.0)),
    "canary-missing": evidence(delays=[]),
    "too-few-samples": evidence(whole_run()[:10] + [row(6.0, first=True)] * 199),
}


@pytest.mark.parametrize("code", VOIDS)
def test_a_run_that_was_not_whole_is_void(code: str) -> None:
    """Whatever a run lacks is named by a word of its own, and is no pass."""
    found = verdict(VOIDS[code])
    assert (found.word, found.exit_code) == (Word.VOID, 5)
    assert code in [hole.code for hole in found.holes]


def test_journeys_that_found_everything_in_use_have_come() -> None:
    """Who has to turn back because a slow target still holds what they write has arrived: the rate was not missed."""
    rows = whole_run()
    left = [(one.due, one.scenario) for one in rows[::10]]
    found = verdict(evidence([one for one in rows if rows.index(one) % 10], skipped=left))

    assert found.word is Word.PASS


def test_a_profile_without_objectives_is_void() -> None:
    """Where nothing is promised, nothing can be kept."""
    assert judge(evidence(), objectives(), "nightly").cause == "no-objectives"


def test_lateness_matters_only_where_latency_is_judged() -> None:
    """A late generator spoils no objective that speaks of errors alone."""
    late = evidence(changed(whole_run(), 3, late=500.0))
    assert verdict(late, objectives(errors=0.01)).word is Word.PASS


@pytest.mark.parametrize(
    ("figure", "rows", "wanted"),
    [
        ("p50", [one._replace(latency=150.0) for one in whole_run()], objectives(p50=100.0)),
        ("p95", changed(whole_run(), 10, latency=400.0), objectives(p95=300.0)),
        ("errors", changed(whole_run(), 50, status=503, outcome=FAILED), objectives(errors=0.01)),
        ("throttled", changed(whole_run(), 300, status=429, outcome=THROTTLED), objectives(throttled=0.0)),
        (
            "statements",
            [one._replace(queries=27) for one in whole_run()],
            objectives({"courses.list": 20}, errors=0.01),
        ),
        (
            "recovers-within",
            [one._replace(latency=900.0) if one.due < START + 20 else one for one in whole_run()],
            objectives(p50=100.0, recovers_within=10.0),
        ),
    ],
)
def test_a_broken_objective_is_told_by_its_figure(figure: str, rows: list[Row], wanted: Objectives) -> None:
    """A whole run that is too slow, errs, refuses or asks its database too much breaks that objective."""
    found = verdict(evidence(rows), wanted)
    assert (found.word, found.cause, found.exit_code) == (Word.BROKEN_OBJECTIVE, figure, 1)


def test_slowness_on_a_busy_machine_proves_nothing() -> None:
    """Where others take the processors, high latencies make a run void, and low ones still pass."""
    machine = [(START, 0.0, 0.0), (START + 30, 30.0 * (os.cpu_count() or 1), 5.0)]
    slow = evidence([one._replace(latency=900.0) for one in whole_run()])
    wanted = objectives(p50=100.0)
    assert verdict(watched(slow, machine=machine), wanted).cause == "machine-busy"
    assert verdict(slow, wanted).cause == "p50"
    assert verdict(watched(evidence(), machine=machine), wanted).word is Word.PASS


def test_recovery_in_time_is_kept() -> None:
    """A stage that is slow only in its first seconds keeps an objective that allows them."""
    rows = [one._replace(latency=900.0) if one.due < START + 9 else one for one in whole_run()]
    assert verdict(evidence(rows), objectives(p50=100.0, recovers_within=10.0)).word is Word.PASS


def test_the_warm_up_is_not_judged() -> None:
    """What goes wrong before the first judged stage breaks no objective."""
    rows = [one._replace(status=500, outcome=FAILED) if one.due < START + 5 else one for one in whole_run()]
    assert verdict(evidence(rows)).word is Word.PASS
