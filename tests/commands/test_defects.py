"""Every seeded defect says in its header what must become of it, and speaks of what exists."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from coursegate.commands.proof.defects import (
    BENIGN,
    FOLDER,
    Alternative,
    Defect,
    DefectError,
    complaint,
    known_checks,
    patches,
    read,
)
from coursegate.commands.proof.trial import questions
from coursegate.commands.proof.workshop import BACKEND, DoesNotApply, apply_patch
from coursegate.contracts.contract import FOLDER as CONTRACTS
from coursegate.contracts.contract import load_contract
from coursegate.contracts.policy import load_policy

GOOD = """# fault: Something is wrong.
# red: access/lessons.retrieve/lesson-premium
# kind: leak
# told: received the canary
# only: lessons
diff --git a/backend/x.py b/backend/x.py
"""


@cache
def _checks() -> dict[str, str]:
    return dict(known_checks(load_contract()))


@pytest.mark.parametrize("path", [patch.path for patch in patches()], ids=lambda path: path.stem)
def test_header_speaks_of_what_exists(path: Path) -> None:
    """The header of each patch names checks, operations and a kind of failure that there are."""
    assert complaint(read(path), _checks()) == ""


def test_every_decision_of_a_team_is_taken_by_an_alternative() -> None:
    """For each position of each switch there is an honest backend that takes it, and must stay green."""
    contract = load_contract()
    switches = load_policy(CONTRACTS / "policy.yaml", contract.api, contract.access, contract.standing)
    said = {line for path in FOLDER.glob(f"{BENIGN}/*.patch") for line in path.read_text().splitlines()}

    positions = [f'+{name} = "{position}"' for name, taken in switches.items() for position in taken]
    assert len(positions) >= 5
    assert set(positions) <= said


def test_every_patch_fits() -> None:
    """Each patch, those of traffic too, goes into the reference backend as it is now."""
    found = sorted(FOLDER.glob("*/*.patch"))
    misfits = {path: text for path in found if (text := _misfit(path))}

    assert len(found) > 300
    assert not misfits


def _misfit(path: Path) -> str:
    try:
        apply_patch(path, BACKEND, only_look=True)
    except DoesNotApply as problem:
        return str(problem)
    return ""


def test_there_are_enough() -> None:
    """There are more authorisation faults and honest alternatives than were asked for."""
    families = Counter(patch.id.partition("/")[0] for patch in patches())

    assert families["access"] >= 25
    assert families[BENIGN] >= 14
    assert all(isinstance(patch, (Defect, Alternative)) for patch in patches())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("# kind: leak", "# kind: odd", "'odd' is no kind of failure"),
        ("# kind: leak\n", "", "must note fault, red, kind, told, only"),
        ("# kind: leak", "kind: leak", "is no note"),
    ],
)
def test_malformed_header_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    """A header that leaves something out, or says something else, is refused with the name of its file."""
    path = tmp_path / "access" / "odd.patch"
    path.parent.mkdir()
    path.write_text(GOOD.replace(old, new), encoding="utf-8")

    with pytest.raises(DefectError, match="odd.*" + told):
        read(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("access/lessons.retrieve/lesson-premium", "access/lessons.fetch", "no check is called"),
        ("# only: lessons", "# only: lectures", "which is no operation"),
        ("# only: lessons", "# only: notes", "must go red, but what it is about"),
    ],
)
def test_header_that_names_nothing_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    """A header that names a check or an operation that does not exist is told before anything runs."""
    path = tmp_path / "access" / "odd.patch"
    path.parent.mkdir()
    path.write_text(GOOD.replace(old, new), encoding="utf-8")

    assert told in complaint(read(path), _checks())


def test_alternative_is_put_to_operations_and_findings() -> None:
    """What an alternative names is asked in the room that asks about it, a check by its own id."""
    assert questions(("courses.versions", "MOD-01", "concurrency/VIEW-16")) == (
        "--check=regression/MOD-01",
        "--check=concurrency/VIEW-16",
        "--check=access/courses.versions",
    )
