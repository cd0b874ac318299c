"""A waiver holds for the failure it was given for, until it expires, and for no leak."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coursegate.contracts.waivers import Waiver
from coursegate.harness.verdicts import Judgement, Kind, Verdict
from coursegate.harness.waivers import State, standings, waived

TODAY = date(2026, 11, 26)
ID = "access/notes.list/notes/guest"
CAUSE = "KeyError at courses/views/notes.py:31: 'level'"


def _waiver(**said: Any) -> Waiver:
    plain = {
        "id": ID,
        "fails": "error",
        "cause": CAUSE,
        "reason": "mended next week",
        "owner": "Ada",
        "issue": "https://issues.example.com/7",
        "created": date(2026, 11, 1),
        "expires": TODAY,
        "signature": "",
        "line": 2,
        "end": 9,
    }
    return Waiver(**{**plain, **said})


def _judgement(**said: Any) -> Judgement:
    plain = {
        "id": ID,
        "suite": "access",
        "operation": "notes.list",
        "principal": "guest",
        "subject": "notes",
        "expected": "login",
        "seen": "500",
        "verdict": Verdict.FAIL,
        "reason": "it crashed",
        "kind": Kind.ERROR,
        "cause": CAUSE,
    }
    return Judgement(**{**plain, **said})


def _end(judgement: Judgement, waiver: Waiver | None = None, today: date = TODAY) -> tuple[Verdict, State]:
    waiver = waiver or _waiver()
    after = waived(judgement, {waiver.id: waiver}, today)
    (standing,) = standings([waiver], {after.id: after.as_dict()}, [ID], today)
    return after.verdict, standing.state


def test_failure_is_waived_until_the_last_day() -> None:
    """On its last day a waiver still holds; what was found stays in the report, with whose word it is."""
    after = waived(_judgement(), {ID: _waiver()}, TODAY)

    assert _end(_judgement()) == (Verdict.WAIVED, State.USED)
    assert after.reason.startswith("it crashed; waived until 2026-11-26 by Ada")
    assert after.kind == Kind.ERROR


def test_expired_waiver_waives_nothing() -> None:
    """The day after, the failure is one again, and the waiver is wrong."""
    assert _end(_judgement(), today=date(2026, 11, 27)) == (Verdict.FAIL, State.EXPIRED)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ({"verdict": Verdict.PASS, "kind": "", "cause": ""}, State.UNNEEDED),
        ({"verdict": Verdict.NOT_APPLICABLE, "kind": "", "cause": ""}, State.UNNEEDED),
        ({"kind": Kind.FORM}, State.DIFFERENT),
        ({"cause": "KeyError at courses/views/notes.py:31: 'tier'"}, State.DIFFERENT),
        ({"kind": Kind.LEAK}, State.REFUSED),
        ({"suite": "inventory"}, State.REFUSED),
        ({"verdict": Verdict.BLOCKED, "kind": "", "cause": ""}, State.NOT_ASKED),
    ],
)
def test_what_it_was_not_given_for_is_not_waived(now: dict[str, Any], state: State) -> None:
    """A check that passes, fails otherwise, leaks, or could not be judged is what it is."""
    judgement = _judgement(**now)

    assert _end(judgement) == (judgement.verdict, state)


def test_line_numbers_are_no_other_cause() -> None:
    """A failure that has moved within its file is the same failure."""
    moved = _judgement(cause=CAUSE.replace(":31:", ":47:"))

    assert _end(moved) == (Verdict.WAIVED, State.USED)


def test_route_that_the_contract_does_not_describe_may_be_waived() -> None:
    """An extra route of a backend's own may wait for its row."""
    extra = _judgement(suite="inventory", operation="")

    assert _end(extra) == (Verdict.WAIVED, State.USED)


def test_check_that_is_gone_and_check_that_was_not_asked() -> None:
    """A waiver for no check at all is wrong; one for a check that was not asked is not."""
    found = standings([_waiver(), _waiver(id="access/gone/guest")], {}, [ID], TODAY)

    assert [standing.state for standing in found] == [State.NOT_ASKED, State.UNMATCHED]
