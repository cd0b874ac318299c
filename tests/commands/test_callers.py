"""What calls a function is found by letting every check be asked once, and it is asked first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from coursegate.commands.mutation.callers import MOST, Callers, asked_as

KNOWN = {
    "a.py::": ["access/imports"],
    "a.py::View.rows": ["access/one", "access/two"],
    "a.py::View.count": ["access/two", "access/three"],
    "a.py::Viewer.of": ["access/four"],
    "a.py::level": ["access/five"],
}


@pytest.fixture
def callers(tmp_path: Path) -> Callers:
    return Callers(tmp_path / "callers.json", KNOWN)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("a.py::View.rows", ["access/one", "access/two"]),
        ("a.py::View", ["access/one", "access/two", "access/three"]),
        (
            "a.py::",
            ["access/imports", "access/one", "access/two", "access/three", "access/four", "access/five"],
        ),
        ("a.py::View.Meta", ["access/one", "access/two", "access/three"]),
        ("a.py::Viewer.of.within", ["access/four"]),
        ("b.py::", []),
    ],
)
def test_callers_of_a_place(callers: Callers, place: str, wanted: list[str]) -> None:
    """A function has its callers; a class and a module have those of what stands in them; the rest, those of its class."""
    assert callers.of(place) == wanted


def test_of_many_callers_some_are_asked(tmp_path: Path) -> None:
    """What nearly every check calls is put to some of them, taken from all over."""
    many = [f"access/{number}" for number in range(1000)]
    callers = Callers(tmp_path / "callers.json", {"a.py::View.one": many[:500], "a.py::View.two": many[500:]})

    found = callers.of("a.py::View")

    assert MOST // 2 < len(found) <= MOST
    assert {name in many[500:] for name in found} == {True, False}


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ("access/courses.destroy/course-open/guest", "access/courses.destroy/course-open"),
        ("regression/VIEW-02/it-is-limited", "regression/VIEW-02/it-is-limited"),
    ],
)
def test_a_row_is_asked_as_a_whole(check: str, wanted: str) -> None:
    """Of a row, somebody else's cell may be the one that calls the function: all of them are asked."""
    assert asked_as(check) == wanted


WATCH = """
import json, sys
from pathlib import Path
from coursegate.commands.declared import declared_checks
from coursegate.commands.mutation.callers import Callers
from coursegate.commands.proof.preloading import preload
from coursegate.contracts.contract import load_contract
declared_checks(load_contract())
preload()
callers = Callers(Path(sys.argv[1]))
callers.find(["files"], 1, 120)
"""


def test_checks_are_watched_while_they_ask(tmp_path: Path) -> None:
    """What the checks of files call is found: how a viewer is known, and not how a course is cloned."""
    told = tmp_path / "callers.json"

    subprocess.run([sys.executable, "-c", WATCH, str(told)], timeout=180, check=True, capture_output=True)

    known = json.loads(told.read_text())
    assert all(check.startswith("files/") for checks in known.values() for check in checks)
    assert known["courses/viewer.py::Viewer.of"]
    assert "courses/views/courses.py::CourseViewSet.clone" not in known
