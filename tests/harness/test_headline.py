"""The first sentence of the report says what a run comes to."""

from __future__ import annotations

import pytest

from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.headline import headline
from coursegate.harness.verdicts import Verdict
from coursegate.tests.harness.sample_runs import RED, cell, result

_FALLEN = [RungResult("start", Verdict.FAIL, ("a.py:1: ImportError",), "everything above")]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (
            result(*RED, declared=2242),
            "4 of 2,242 promises are broken: 1 leak and 3 wrong answers; 3 causes. 2 promises could not be "
            "judged. 1 promise is waived. 2,231 promises were not asked about in this run.",
        ),
        (result(cell("guest"), cell("staff"), verdict="pass"), "All 2 promises are kept."),
        (
            result(cell("guest"), verdict="partial", declared=3),
            "1 promise is kept. 2 promises were not asked about in this run.",
        ),
        (
            result(cell("guest", verdict="blocked", reason="start"), preflight=_FALLEN),
            "The backend does not get past the rung “start”, so no request could be judged. "
            "1 promise could not be judged.",
        ),
        (
            result(harness_errors=["no"]),
            "The gate itself failed: this run says nothing reliable about the backend. Nothing was judged.",
        ),
        (
            result(cell("guest"), verdict="interrupted", declared=2),
            "The run was interrupted after 1 of 2 promises. 1 promise is kept. "
            "1 promise was not asked about in this run.",
        ),
    ],
)
def test_headline_needs_no_knowledge_of_the_gate(run: Result, said: str) -> None:
    """A lead reads how many promises are broken, how gravely, and what nobody could judge."""
    assert headline(run) == said
