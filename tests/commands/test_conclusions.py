"""What a run on a patched backend says about the patch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursegate.commands.proof.conclusions import Outcome, conclude
from coursegate.commands.proof.defects import Alternative, Defect
from coursegate.harness.verdicts import Kind

RED, OTHER = "access/lessons.retrieve/lesson-premium/guest", "access/notes.list/notes/registered"
DEFECT = Defect(
    Path("leak.patch"),
    "access/leak",
    "It leaks.",
    "",
    (RED,),
    Kind.LEAK,
    "the canary",
    frozenset({"lessons"}),
)
ALTERNATIVE = Alternative(Path("other.patch"), "benign/other", "It differs.", ("lessons.retrieve",), (RED,))


def _cell(name: str, verdict: str, kind: str = "", reason: str = "", seen: str = "200") -> dict[str, Any]:
    operation = name.split("/")[1]
    return {
        "id": name,
        "operation": operation,
        "findings": [],
        "verdict": verdict,
        "kind": kind,
        "reason": reason,
        "seen": seen,
    }


PASSES = _cell(OTHER, "pass")
LEAKS = _cell(RED, "fail", "leak", "guest received the canary")


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ([LEAKS, PASSES], Outcome.KILLED),
        ([_cell(RED, "pass"), PASSES], Outcome.SURVIVED),
        ([PASSES], Outcome.SURVIVED),
        ([_cell(RED, "blocked"), PASSES], Outcome.SURVIVED),
        ([_cell(RED, "fail", "error", "500 at the canary"), PASSES], Outcome.SURVIVED),
        ([_cell(RED, "fail", "leak", "something else"), PASSES], Outcome.SURVIVED),
        ([LEAKS, _cell(OTHER, "fail", "form", "saw 404")], Outcome.MISATTRIBUTED),
        ([LEAKS, _cell(OTHER, "blocked")], Outcome.MISATTRIBUTED),
        ([LEAKS, _cell("access/lessons.list/lessons/guest", "fail", "form")], Outcome.KILLED),
    ],
)
def test_defect_is_killed_by_its_own_checks_alone(cells: list[dict[str, Any]], outcome: Outcome) -> None:
    """A defect is killed where its checks fail for its reason, and what it does not touch stays as it was."""
    assert conclude(DEFECT, cells, {}, 1.0).outcome is outcome


def test_everything_that_a_header_lacks_is_told_at_once() -> None:
    """What else a defect reddens is told by all of its areas, so that its header is mended once, and by one check."""
    further = [
        _cell(OTHER, "fail", "form", "saw 404"),
        _cell("access/version.retrieve/version/guest", "fail"),
    ]

    told = conclude(DEFECT, [LEAKS, *further], {}, 1.0)

    assert told.reason == f"`only` does not name notes.list, version.retrieve; {OTHER} is fail: saw 404"


def test_among_all_checks_more_may_go_red() -> None:
    """Where every check was asked, a defect that its own checks notice is killed, and what else it reddens is told."""
    cells = [LEAKS, _cell(OTHER, "fail", "form", "saw 404")]

    told = conclude(DEFECT, cells, {}, 1.0, whole=True)

    assert (told.outcome, told.reason) == (
        Outcome.KILLED,
        f"`only` does not name notes.list; {OTHER} is fail: saw 404",
    )
    assert conclude(DEFECT, cells[1:], {}, 1.0, whole=True).outcome is Outcome.SURVIVED


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ([_cell(RED, "pass", seen="404")], Outcome.GREEN),
        ([_cell(RED, "pass", seen="200")], Outcome.BROKEN),
        ([_cell(RED, "fail", "form", seen="404")], Outcome.FLAGGED),
        ([_cell(RED, "not-assessed", seen="404")], Outcome.FLAGGED),
    ],
)
def test_alternative_is_green_and_differs(cells: list[dict[str, Any]], outcome: Outcome) -> None:
    """An alternative passes, and its answers differ from those of the reference where it says so."""
    assert conclude(ALTERNATIVE, cells, {RED: "200"}, 1.0).outcome is outcome


def test_everything_that_flags_an_alternative_is_told_at_once() -> None:
    """Every check that is not green for an alternative is named, so that all of them are mended before it is asked again."""
    cells = [_cell(RED, "fail", "form", "saw 404"), _cell(OTHER, "not-assessed")]

    told = conclude(ALTERNATIVE, cells, {}, 1.0)

    assert told.reason == f"{RED} is fail: saw 404 (and not green either: {OTHER})"


def test_alternative_says_what_differs() -> None:
    """An alternative that answers otherwise and does not say so is no proof of anything."""
    silent = Alternative(Path("x.patch"), "benign/x", "It differs.", ("lessons.retrieve",), ())

    assert conclude(silent, [_cell(RED, "pass", seen="404")], {RED: "200"}, 1.0).outcome is Outcome.BROKEN


def test_among_all_checks_more_may_be_answered_otherwise() -> None:
    """What an alternative says of its answers is about the checks that it asks for every time."""
    silent = Alternative(Path("x.patch"), "benign/x", "It differs.", ("lessons.retrieve",), ())
    cells = [_cell(RED, "pass", seen="404")]

    assert conclude(silent, cells, {RED: "200"}, 1.0, whole=True).outcome is Outcome.GREEN
