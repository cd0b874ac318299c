"""What is put to everything in pools comes to what it would alone."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from coursegate.commands import prove
from coursegate.commands.proof.defects import Defect, Patch, known_checks, patches
from coursegate.commands.proof.evidence import Evidence
from coursegate.commands.proof.forking import Ended
from coursegate.commands.proof.narrowing import MOST_OF_AREA, Narrowing, Question
from coursegate.commands.proof.pooling import joined, pools_of
from coursegate.commands.proof.remembering import Memory
from coursegate.commands.proof.sampling import Shard
from coursegate.commands.proof.trial import LOG, REASON, REPORT, Trial
from coursegate.commands.proof.workshop import apply_patch, compile_backend
from coursegate.contracts.contract import load_contract
from coursegate.harness.verdicts import Kind

WIDE = [f"access/rows.list/{number}" for number in range(40)]
CHECKS = {
    **dict.fromkeys(WIDE, "rows.list"),
    **{f"regression/{letter}/is-kept": letter for letter in "abcdefgh"},
    **{f"access/{number}/{number}": str(number) for number in range(80)},
}
# What each reddens, alone.
REDDENS: Mapping[str, set[str]] = {
    **{letter: {f"regression/{letter}/is-kept"} for letter in "abcdefg"},
    "two": {"regression/a/is-kept", "regression/h/is-kept"},
    "wide": set(WIDE),
    "gone": set(),
    **{f"own-{number}": set() for number in range(5)},
}


class Laboratory:
    """Asks without a backend: what fails for a patch is written in it, and what it is joined with fails, too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[list[str], int]] = []

    def patch(self, name: str) -> Patch:
        path = self.folder / f"{name}.patch"
        path.write_text(f"# a note\ndiff --git a/backend/{name} b/backend/{name}\n")
        return Defect(path, name, "", "", (f"access/own/{name}",), Kind.LEAK, "", frozenset())

    def ended(self, trial: Trial) -> Ended:
        assert trial.patch is not None
        names = sorted(file for file in trial.patch.touched)
        wanted = {option.removeprefix("--check=") for option in trial.options if option in _options()}
        self.asked.append((names, len(wanted)))
        folder = self.folder / f"trial-{len(self.asked)}"
        (folder / REPORT).parent.mkdir(parents=True)
        (folder / LOG).write_text("")
        if "no-verdict" in names:
            (folder / REASON).write_text("it does not go in")
        failed = set().union(*(REDDENS.get(name, set()) for name in names))
        failed |= set(CHECKS) if "everything" in names else set()
        kept = "not-applicable" if "gone" in names else "pass"
        cells = [
            {"id": name, "verdict": "fail" if name in failed else kept}
            for name in CHECKS
            if not trial.options or name in wanted
        ]
        (folder / REPORT).write_text(json.dumps({"cells": cells}))
        return Ended(trial, folder, 0, 1.0)


def _options() -> set[str]:
    return {f"--check={name}" for name in CHECKS}


@pytest.fixture
def laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Laboratory(tmp_path)


def _narrowed(laboratory: Laboratory, *pools: Sequence[str], fresh: bool = False) -> dict[str, Evidence]:
    """The evidence about each patch, by its name."""
    folder = laboratory.folder / "pools"
    folder.mkdir(exist_ok=True)
    queue = Narrowing(CHECKS, folder, Memory.opened("pools", "everything"), fresh)
    queue.add(*(Question(tuple(map(laboratory.patch, pool))) for pool in pools))
    found = {}
    for trial in queue:
        if evidence := queue.heeded(laboratory.ended(trial)):
            assert evidence.patch.id not in found
            found[evidence.patch.id] = evidence
    return found


def _failed(evidence: Evidence) -> set[str]:
    return {cell["id"] for cell in evidence.cells if cell["verdict"] == "fail"}


def test_each_reddens_what_it_would_alone(laboratory: Laboratory) -> None:
    """Whoever shares a pool, a patch ends by itself, with what it reddens, and nothing of what the others do."""
    names = [name for name in REDDENS if name != "wide"]

    found = _narrowed(laboratory, names)

    assert {name: _failed(evidence) for name, evidence in found.items()} == {
        name: REDDENS[name] for name in names
    }
    assert all(evidence.whole and not evidence.reason for evidence in found.values())


def test_of_much_that_is_not_green_some_of_each_area_is_asked(laboratory: Laboratory) -> None:
    """A patch that reddens most of an operation does not cost its neighbours a run of it, and hides no other's."""
    found = _narrowed(laboratory, ["wide", *"abcdef"])

    assert 0 < len(_failed(found["wide"])) <= MOST_OF_AREA
    assert {name: _failed(found[name]) for name in "abcdef"} == {name: REDDENS[name] for name in "abcdef"}


def test_of_an_area_the_quick_ones_that_fail_are_asked(tmp_path: Path) -> None:
    """What fails is asked of the parts rather than what could not be asked, and rather where that takes little time."""
    queue = Narrowing({}, tmp_path, Memory(tmp_path / "pools.json", "everything"))
    quick, slow = "regression/ARCH-01/kept", "isolation/worlds/rows.list/guest"
    blocked = {"access/rows.list/1": "blocked"}

    assert queue._some({**blocked, slow: "fail", quick: "fail"}) == [quick]
    assert queue._some({**blocked, slow: "fail"}) == [slow]
    assert queue._some(blocked) == list(blocked)


@pytest.mark.parametrize("culprit", ["no-verdict", "everything"])
def test_one_that_breaks_everything_spoils_no_other(laboratory: Laboratory, culprit: str) -> None:
    """A patch without which the checks come to verdicts is left alone with it; the others are asked without it."""
    found = _narrowed(laboratory, [culprit, *"abcdefgh"])

    assert {name: _failed(found[name]) for name in "abcdefg"} == {name: REDDENS[name] for name in "abcdefg"}
    assert bool(found[culprit].reason) == (culprit == "no-verdict")
    assert found[culprit].patch.id == culprit
    assert culprit == "no-verdict" or _failed(found[culprit]) == set(CHECKS)


def test_pool_that_is_green_costs_one_run_of_everything(laboratory: Laboratory) -> None:
    """Where no check fails, each of a pool is asked its own only."""
    names = [f"own-{number}" for number in range(5)]

    found = _narrowed(laboratory, names)

    assert found.keys() == set(names)
    assert laboratory.asked == [(names, 0), *(([name], 0) for name in names)]


def test_what_does_not_apply_is_not_asked_again(laboratory: Laboratory) -> None:
    """A check that does not apply to a pool says nothing about any of it."""
    _narrowed(laboratory, ["gone", "own-1"])

    assert laboratory.asked == [(["gone", "own-1"], 0), (["gone"], 0), (["own-1"], 0)]


def test_machines_share_pools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every patch is proved by one of the machines that share the work, and pools are not split among them."""
    alone = "findings/secure-view-not-defined"
    monkeypatch.setattr(prove, "keep_from_starting", lambda _patches, _jobs: {alone})
    checks, known = known_checks(load_contract()), patches()
    queue = Narrowing(checks, tmp_path, Memory(tmp_path / "pools.json", "everything"))

    def pools_of_machine(number: int, of: int) -> list[list[Patch]]:
        said = argparse.Namespace(whole=True, shard=Shard(number, of), pool=30, jobs=1)
        return prove._pools(known, said, queue)

    shared = [pool for number in (1, 2, 3) for pool in pools_of_machine(number, 3)]

    assert sorted(patch.id for pool in shared for patch in pool) == sorted(patch.id for patch in known)
    assert len(shared) == len(pools_of_machine(1, 1))
    assert next(len(pool) for pool in shared if alone in {patch.id for patch in pool}) == 1


def test_pool_is_remembered(laboratory: Laboratory) -> None:
    """What has been put to everything once is not again, unless that is wanted."""
    first = _narrowed(laboratory, ["a", "b"])
    before = len(laboratory.asked)

    assert {name: _failed(one) for name, one in _narrowed(laboratory, ["a", "b"]).items()} == {
        name: _failed(one) for name, one in first.items()
    }
    assert all(len(names) == 1 for names, _ in laboratory.asked[before:])
    _narrowed(laboratory, ["a", "b"], fresh=True)
    assert laboratory.asked.count((["a", "b"], 0)) == 2


def test_pools_hold_each_once_and_go_in(tmp_path: Path) -> None:
    """Every patch of the project is in one pool, which can be put in together, and holds no other about the same."""
    checks, known = known_checks(load_contract()), patches()

    pools = pools_of(known, checks, tmp_path, 30)

    assert sorted(patch.id for pool in pools for patch in pool) == sorted(patch.id for patch in known)
    assert len(pools) < len(known) / 10
    for pool in pools:
        apply_patch(joined(pool, tmp_path / "pool.patch", "").path, compile_backend(), only_look=True)
        findings = [patch.finding for patch in pool if isinstance(patch, Defect) and patch.finding]
        assert len(set(findings)) == len(findings)
        migrated = [app for patch in pool for app in patch.migrated]
        assert len(set(migrated)) == len(migrated), (
            f"two of {[patch.id for patch in pool]} migrate the same app"
        )
        assert len({type(patch) for patch in pool}) == 1
