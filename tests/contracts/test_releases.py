"""The sets of checks that releases go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursegate.commands.declared import allowed_by
from coursegate.contracts import releases
from coursegate.contracts.contract import Contract
from coursegate.contracts.reading import ContractError
from coursegate.contracts.releases import Release, load_release
from coursegate.tests.gate.gate_process import run_gate

ROOT = Path(__file__).parents[2]
CHECKS: Mapping[str, frozenset[str]] = {"access/a/b/c": frozenset({"locked"}), "verbs/d": frozenset()}


def _version() -> tuple[str, str]:
    found = re.search(r'^version = "(\d+)\.(\d+)\.', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found, "pyproject.toml names no version"
    return found[1], found[2]


def test_set_of_the_version_in_the_making_is_current(contract: Contract) -> None:
    """`make docs` has written every check of today, and what it allows."""
    known = load_release(".".join(_version())).checks

    assert known == allowed_by(contract), "a check is new, gone or allows something else: make docs"


@pytest.mark.parametrize(
    "name", [name for name in releases.releases() if name.startswith(f"{_version()[0]}.")]
)
def test_release_of_this_major_version_can_still_be_asked(name: str, contract: Contract) -> None:
    """Of what a release asked nothing is gone or narrower before the next major version."""
    load_release(name).check(allowed_by(contract))


@pytest.mark.parametrize(
    ("now", "broken", "newer"),
    [
        (CHECKS, [], set()),
        ({**CHECKS, "verbs/e": frozenset()}, [], {"verbs/e"}),
        ({**CHECKS, "access/a/b/c": frozenset({"locked", "denied"})}, [], set()),
        ({**CHECKS, "access/a/b/c": frozenset({"denied"})}, ["access/a/b/c"], set()),
        ({"verbs/d": frozenset()}, ["access/a/b/c"], set()),
    ],
    ids=["the-same", "one-more", "wider", "narrower", "one-gone"],
)
def test_what_became_of_a_release(
    now: Mapping[str, frozenset[str]], broken: list[str], newer: set[str]
) -> None:
    """A check that is gone or narrower breaks a release; one that is new or wider does not."""
    release = Release("1.0", CHECKS)

    assert release.broken(now) == broken
    assert release.newer(now) == newer


def test_broken_release_says_what_to_do() -> None:
    """Who asks for a release that is no longer kept learns which check is missing and what to install."""
    with pytest.raises(ContractError, match=r"1 of its 2 checks .*\(verbs/d\): install coursegate 1\.0"):
        Release("1.0", CHECKS).check({"access/a/b/c": frozenset({"locked"})})


def test_only_the_checks_of_a_release_are_asked(
    tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run by an earlier release leaves out what is newer, names how much that is, and is whole without it."""
    from coursegate.commands.selecting import newer_than

    kept = [name for name in allowed_by(contract) if not name.startswith("access/version.")]
    (tmp_path / "0.0.txt").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr(releases, "FOLDER", tmp_path)

    assert {name.split("/")[1] for name in newer_than("0.0")} == {"version.retrieve"}


def test_run_by_a_release(tmp_path: Path) -> None:
    """The summary of a run by a release names it."""
    run = run_gate(tmp_path, "--contract=0.1", "--operation=version.retrieve", "--suite=access")

    assert run.code == 0, run.output
    assert "contract   of 0.1; newer, and not asked: 0" in run.output
    assert run.result["release"] == "0.1"


def test_release_that_is_not_there(tmp_path: Path) -> None:
    """A release that there never was is refused, naming those that were."""
    run = run_gate(tmp_path, "--contract=9.7")

    assert run.code == 4, run.output
    assert "is no release; there are 0.1" in run.output
