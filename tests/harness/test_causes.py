"""What leaks is one cause, whichever operation and suite showed it; everything else is grouped by what was said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coursegate.harness.report.causes import causes_of
from coursegate.harness.report.headline import headline
from coursegate.harness.report.terminal import summary_lines
from coursegate.tests.harness.sample_runs import broken, cell, result

CONTENT = "leaks courses.Lesson.content"
LEAKS = (
    broken("guest", "leak", f"lessons.retrieve {CONTENT}"),
    broken("guest", "leak", f"lessons.retrieve {CONTENT}, for whoever claims staff", suite="claims"),
    broken(
        "lapsed", "leak", f"lessons.list {CONTENT}, after lapsing", operation="lessons.list", suite="standing"
    ),
    broken("guest", "leak", f"lessons.list {CONTENT}, once others have asked", operation="lessons.list"),
)


def _told(*cells: dict[str, Any]) -> list[tuple[str, int]]:
    return [(cause.text, len(cause.cells)) for cause in causes_of(cells, {"fail", "blocked"})]


def test_what_leaks_is_one_cause() -> None:
    """A field that leaks in two operations and three suites is one cause, with the operations beside it."""
    (cause,) = causes_of(LEAKS, {"fail"})

    assert cause.text == "courses.Lesson.content leaks, in 2 operations"
    assert cause.operations == ["lessons.retrieve", "lessons.list"]
    lines = list(summary_lines(result(*LEAKS), Path("gate.json")))
    assert "  in lessons.retrieve, lessons.list" in lines
    assert "; 1 cause." in headline(result(*LEAKS))


def test_the_leak_of_one_operation_names_it() -> None:
    """Where one operation leaks, the cause says which, and not after what or for whom only."""
    assert _told(*LEAKS[:2]) == [(f"lessons.retrieve {CONTENT}", 2)]


def test_what_is_told_apart_or_listed_is_grouped_by_its_model() -> None:
    """Answers that depend on the same hidden model are one cause, and so are lists of its rows; keys stay apart."""
    apart = "the body at $.count depends on hidden courses.Category"
    listed = "lists courses.Course rows that do not open for the caller"

    assert _told(
        broken("guest", "leak", f"courses.list: {apart}", operation="courses.list"),
        broken("guest", "leak", f"featured.list: {apart}", operation="featured.list"),
        broken("guest", "leak", f"courses.list {listed}", operation="courses.list"),
        broken("guest", "leak", f"featured.list {listed}, after pending", operation="featured.list"),
        broken("guest", "leak", "courses.list leaks the key is_correct", operation="courses.list"),
    ) == [
        ("answers depend on hidden courses.Category, in 2 operations", 2),
        ("courses.Course rows are listed that do not open for the caller, in 2 operations", 2),
        ("courses.list leaks the key is_correct", 1),
    ]


def test_leaks_of_unknown_words_and_other_kinds_stay_as_they_were_said() -> None:
    """Only what suites say of a leaking field is brought together: a form that sounds alike, or another leak, is not."""
    assert _told(
        broken("guest", "leak", "lessons.list: a hidden id can be told from a missing one"),
        broken("guest", "form", f"lessons.list {CONTENT}"),
        broken("guest", "form", f"lessons.retrieve {CONTENT}"),
    ) == [
        ("lessons.list: a hidden id can be told from a missing one", 1),
        (f"lessons.list {CONTENT}", 1),
        (f"lessons.retrieve {CONTENT}", 1),
    ]


def test_blocked_cells_are_grouped_by_what_blocks_them() -> None:
    """Cells with the same twin are one cause, and one of them says what became of the twin."""
    twin = "its allowed twin access/lessons.retrieve/lesson-premium/premium fares no better"
    blocked = [
        cell(who, verdict="blocked", cause=twin, reason=f"refused, but {twin}: saw 403")
        for who in ("guest", "peer")
    ]

    assert _told(*blocked) == [(twin, 2)]
    lines = list(summary_lines(result(*blocked), Path("gate.json")))
    assert f"BLOCKED    {twin}" in lines


def test_of_much_that_an_example_says_the_first_is_told() -> None:
    """A cause tells the first things of its example and counts the rest; one that says nothing is told by its id."""
    said = [f"guest received field {number}" for number in range(7)]

    (many,) = causes_of([cell("guest", verdict="fail", reason="; ".join(said), cause="leaks")], {"fail"})
    (none,) = causes_of([cell("guest", verdict="fail", reason="", cause="leaks")], {"fail"})

    assert many.told == "; ".join([*said[:4], "and 3 more"])
    assert none.told == none.example["id"]
