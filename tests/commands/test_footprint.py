"""Which changes of a backend had no part in what was watched."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coursegate.commands.proof.footprint import MODULE, Footprint, watched

USED = """
LIMIT = 3


class Course:
    title = "a"

    def save(self):
        def slug():
            return "slug"

        return slug()

    def clone(self):
        return "cloned"


def never_called(way="short"):
    return LIMIT
"""
CALLED = "return slug()"
NEVER = 'return "cloned"'


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A backend of two modules, one of which is imported by what is watched."""
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "footprint_used.py").write_text(USED)
    (folder / "footprint_unused.py").write_text("VALUE = 1\n")
    (folder / "page.html").write_text("<p>\n")
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("footprint_used", None)


@pytest.fixture
def footprint(before: Path) -> Footprint:
    """What saving a course takes."""
    with watched(before) as found:
        importlib.import_module("footprint_used").Course().save()
    return found


@pytest.fixture
def changed(before: Path, footprint: Footprint) -> Callable[[str, str | None], bool]:
    """Whether a file may read otherwise; None stands for one that is gone."""

    def ask(name: str, text: str | None) -> bool:
        after = before.parent / "after"
        shutil.copytree(before, after)
        if text is None:
            (after / name).unlink()
        else:
            (after / name).write_text(text)
        return footprint.is_spared_by([name], before, after)

    return ask


Changed = Callable[[str, str | None], bool]


def test_footprint_names_what_was_called(footprint: Footprint) -> None:
    """Modules, methods and functions within them are told apart from those that nobody called."""
    assert {file for file, name in footprint.called if name == MODULE} == {"footprint_used.py"}
    names = {name for _, name in footprint.called}
    assert {"Course.save", "Course.save.<locals>.slug"} <= names
    assert not names & {"Course.clone", "never_called"}


@pytest.mark.parametrize(("old", "new"), [(NEVER, 'return "other"'), ("return LIMIT", "return 0")])
def test_body_that_nobody_called_has_no_part(changed: Changed, old: str, new: str) -> None:
    """What stands in a function that was never called may read otherwise."""
    assert changed("footprint_used.py", USED.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CALLED, 'return "none"'),
        ('return "slug"', 'return "other"'),
        ("LIMIT = 3", "LIMIT = 4"),
        ('title = "a"', 'title = "b"'),
        ('way="short"', 'way="long"'),
        ("def clone(self):", "def delete(self):"),
    ],
)
def test_what_ran_has_a_part(changed: Changed, old: str, new: str) -> None:
    """A called function, a module, a class, the default of a parameter and a name may not."""
    assert not changed("footprint_used.py", USED.replace(old, new))


def test_module_that_no_longer_parses_has_a_part(changed: Changed) -> None:
    """A syntax error anywhere in what was imported is one of the whole module."""
    assert not changed("footprint_used.py", USED.replace(NEVER, "return ("))


def test_module_that_nobody_imported_has_no_part(changed: Changed) -> None:
    """Nothing in a module that was not imported can matter."""
    assert changed("footprint_unused.py", "VALUE = 2\n")


@pytest.mark.parametrize(
    ("name", "spared"), [("footprint_new.py", False), ("new.html", True), ("page.html", True)]
)
def test_new_module_has_a_part(changed: Changed, name: str, spared: bool) -> None:
    """A module that was not there may stand in the way of one that was; a page may not."""
    assert changed(name, "<br>\n") == spared


def test_module_that_is_gone_has_a_part(changed: Changed) -> None:
    """What was imported cannot be imported again where it is gone."""
    assert not changed("footprint_used.py", None)
