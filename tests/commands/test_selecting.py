"""What a run keeps and what may not block it follows from what it was asked for."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from coursegate.commands.run_options import RunOptions
from coursegate.commands.selecting import is_deferred, selection_of
from coursegate.contracts.contract import FOLDER, load_contract
from coursegate.contracts.findings import NoSuchFinding, about, find
from coursegate.harness.session import Selection
from coursegate.harness.targets.binding import Binding
from coursegate.harness.world import DEFAULT_SEED


@pytest.mark.parametrize(
    ("cited", "phase", "deferred"),
    [
        (("SER-02",), 0, True),
        (("SER-02",), 1, False),
        (("SER-02", "GUARD-01"), 0, True),
        (("policy 4", "ARCH-01"), 1, True),
        (("policy 4", "ARCH-01"), 2, False),
        (("policy 4",), 0, False),
        ((), 0, False),
        (("SER-02",), None, False),
    ],
)
def test_first_finding_decides_the_phase(cited: tuple[str, ...], phase: int | None, deferred: bool) -> None:
    """A check is deferred where the finding it cites first belongs to a later phase of the plan."""
    assert is_deferred(cited, load_contract(), phase) is deferred


def test_findings_about_a_file() -> None:
    """A file is found by its name and by patterns; one of which the audit does not speak is refused."""
    findings = load_contract().findings

    named = {finding.id for finding in about(findings, "courses/models/analytics.py")}

    assert {"MOD-01", "SER-01", "VAL-05", "CI-02"} <= named
    assert "SER-03" not in named
    with pytest.raises(NoSuchFinding, match="no finding"):
        about(findings, "users/models.py")


def test_ids_are_found_in_any_case() -> None:
    """A finding is found by its id in small letters, too."""
    assert find(load_contract().findings, "ser-02").id == "SER-02"


def test_what_cites_a_finding_is_wanted() -> None:
    """A selection of findings keeps the checks that cite one of them, first or not."""
    selection = Selection(findings=frozenset({"GUARD-01"}))

    assert selection.wants("regression/SER-02/x", sources=("SER-02", "GUARD-01"))
    assert not selection.wants("regression/SER-01/x", sources=("SER-01",))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("regression/SER-02/no-such", "regression/SER-02/"),
        ("acces", "access"),
        ("access/notes.list/notes/gues", "access/notes.list/notes/guest"),
        ("verbs/", ""),
        ("inventory/GET /api/of-their-own/", ""),
    ],
)
def test_check_that_there_is_not_is_refused(tmp_path: Path, name: str, near: str) -> None:
    """A check is named by its id or the beginning of one, up to a slash; else the nearest ones are told."""
    selection = Selection(checks=frozenset({name}))
    options = RunOptions(
        *(Binding(tmp_path, "s"), FOLDER, "", tmp_path, DEFAULT_SEED, 1, frozenset(), selection),
        *((), (), None, frozenset()),
    )

    with pytest.raises(pytest.UsageError, match=near) if near else nullcontext():
        assert selection_of(options, load_contract()).checks == {name}


def test_named_checks_say_where_they_stand() -> None:
    """The suites of a selection are those that its checks begin with; none where no check is named."""
    assert Selection(checks=frozenset({"access/notes.list", "verbs"})).rooms == {"access", "verbs"}
    assert not Selection(findings=frozenset({"SER-02"})).rooms
