"""Mutants are small mistakes that each change one thing, and say which."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.commands.mutants import EQUIVALENT, MODULES, _chosen
from coursegate.commands.mutation.killers import Killers
from coursegate.commands.mutation.mutants import Mutant, mutants_of, patch_of
from coursegate.commands.mutation.pooling import SIZE, pools_of
from coursegate.commands.proof.defects import DefectError
from coursegate.commands.proof.workshop import BACKEND, apply_patch
from coursegate.contracts.reading import read

MODULE = """class View:
    permission_classes = [First, Second]

    @action(detail=True, throttle_classes=())
    def rows(self, viewer):
        if not viewer.known or viewer.age < 18:
            return None
        return Row.objects.filter(open=True, owner=viewer) | EXTRA
"""
WANTED = (
    "View: [First, Second] -> [First]",
    "View: [First, Second] -> [Second]",
    "View.rows: action(detail=True, throttle_classes=()) -> action(detail=True)",
    "View.rows: not viewer.known or viewer.age < 18 -> False",
    "View.rows: not viewer.known or viewer.age < 18 -> (not viewer.known and viewer.age < 18)",
    "View.rows: not viewer.known -> viewer.known",
    "View.rows: viewer.age < 18 -> viewer.age <= 18",
    "View.rows: Row.objects.filter(open=True, owner=viewer) -> Row.objects.filter(owner=viewer)",
    "View.rows: Row.objects.filter(open=True, owner=viewer) -> Row.objects.filter(open=True)",
    "View.rows: Row.objects.filter(open=True, owner=viewer) | EXTRA -> "
    "(Row.objects.filter(open=True, owner=viewer) & EXTRA)",
)


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "module.py").write_text(MODULE)
    return tmp_path / "backend"


@pytest.mark.parametrize("wanted", WANTED)
def test_mistakes_about_authorisation_are_made(backend: Path, wanted: str) -> None:
    """Lists of permissions, decorators, guards, conditions on rows and their junctions are each got wrong."""
    assert f"module.py::{wanted}" in {mutant.id for mutant in mutants_of(backend, "module.py")}


def test_types_are_left_alone(tmp_path: Path) -> None:
    """A mistake in an annotation decides nothing, so none is made there."""
    (tmp_path / "typed.py").write_text(
        "def rows(viewer: Viewer | None) -> list[Row] | None:\n    found: Row | None = viewer\n"
    )

    assert mutants_of(tmp_path, "typed.py") == []


def test_each_applies_and_changes_the_module(backend: Path) -> None:
    """Every mutant is a patch that fits, and no two of them have one name."""
    found = mutants_of(backend, "module.py")
    assert len({mutant.id for mutant in found}) == len(found)
    for mutant in found[::3]:
        (backend / "module.py").write_text(MODULE)
        patch = backend.parent / "mutant.patch"
        patch.write_text(patch_of(backend, [mutant]))
        apply_patch(patch, backend)
        assert (backend / "module.py").read_text() != MODULE


def test_modules_are_there_and_are_mutated() -> None:
    """Each module that decides access exists and has places where a mistake can be made."""
    for module in MODULES:
        assert mutants_of(BACKEND, module), module


def test_what_is_listed_as_equivalent_is_a_mutant() -> None:
    """Every entry of the list names a mutant that there is, so that none outlives the line it is about."""
    known = {mutant.id for mutant in _chosen(MODULES, None)}

    assert [name for name, _ in read(EQUIVALENT).items() if name not in known] == []


def test_sample_is_spread() -> None:
    """A sample takes from the first module and from the last."""
    files = [mutant.file for mutant in _chosen(MODULES, 20)]

    assert len(files) == 20
    assert len(set(files)) > 5


def test_unknown_module_is_refused() -> None:
    """A file that the backend does not have is refused by its name."""
    with pytest.raises(DefectError, match=r"courses/none\.py"):
        _chosen(["courses/none.py"], None)


def test_mutants_are_named_by_the_beginning_of_their_ids() -> None:
    """A place in a module stands for the mutants of that place, and one that has none is refused."""
    found = _chosen(["courses/visibility.py::course_rule"], None)

    assert found
    assert all(mutant.id.startswith("courses/visibility.py::course_rule") for mutant in found)
    with pytest.raises(DefectError, match="nowhere"):
        _chosen(["courses/visibility.py::nowhere"], None)


def test_what_noticed_a_neighbour_is_asked_first(tmp_path: Path) -> None:
    """A mutant is put first to the check it fell to before, then to those of its function, its file, any."""
    killers = Killers(tmp_path / "killers.json")
    for mutant, check in (
        ("a.py::one: x -> y", "access/one"),
        ("a.py::other: x -> y", "access/other"),
        ("a.py::one: y -> z", "standing/one"),
        ("b.py::one: x -> y", "access/elsewhere"),
    ):
        killers.keep(mutant, check)

    assert killers.likely("a.py::one: y -> z") == (
        *("standing/one", "access/one", "access/other"),
        "access/elsewhere",
    )
    assert set(killers.likely("c.py::one: x -> y")) == set(killers.known.values())
    assert Killers(tmp_path / "none.json").likely("c.py::one: x -> y") == ()


def test_several_mutants_make_one_patch(backend: Path) -> None:
    """A patch of several makes every mistake, and two about the same characters are refused."""
    found = {mutant.id.partition(": ")[2]: mutant for mutant in mutants_of(backend, "module.py")}
    one, other = found["[First, Second] -> [First]"], found["not viewer.known -> viewer.known"]
    patch = backend.parent / "pool.patch"
    patch.write_text(patch_of(backend, [other, one]))

    apply_patch(patch, backend)

    changed = (backend / "module.py").read_text()
    assert "permission_classes = [First]" in changed
    assert "if viewer.known or viewer.age < 18" in changed
    with pytest.raises(ValueError, match="overlaps"):
        patch_of(backend, [one, found["[First, Second] -> [Second]"]])


def test_pools_hold_one_mutant_of_a_function() -> None:
    """No pool is too large, or holds two of a function, or one that is to be tried apart, and none is lost."""
    mutants = [
        Mutant(f"{file}.py::{place}: {number}", f"{file}.py", 0, 1, "")
        for file in "ab"
        for place in ("one", "two", "three", "four", "five", "six")
        for number in range(3)
    ]
    pools = pools_of(mutants, {mutants[0].id})

    assert sorted(mutant.id for pool in pools for mutant in pool) == sorted(mutant.id for mutant in mutants)
    assert [mutants[0]] in pools
    for pool in pools:
        assert len(pool) <= SIZE
        assert len({mutant.place for mutant in pool}) == len(pool)
