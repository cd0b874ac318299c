"""Mutants that are tried in pools come to what each would come to alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from coursegate.commands.mutation import trying
from coursegate.commands.mutation.callers import Callers
from coursegate.commands.mutation.killers import Killers
from coursegate.commands.mutation.mutants import Mutant
from coursegate.commands.proof.forking import Ended
from coursegate.commands.proof.remembering import stored
from coursegate.commands.proof.trial import LOG, REPORT, Trial

# What notices each mutant; two of them together break something that neither breaks alone.
NOTICED = {
    "a.py::one: x -> y": {"access/one"},
    "a.py::two: x -> y": set(),
    "a.py::three: x -> y": {f"access/{number}" for number in range(500)},
    "b.py::one: x -> y": {"access/only-this"},
    "b.py::two: x -> y": set(),
    "b.py::three: x -> y": set(),
    "c.py::one: x -> y": {"no verdict"},
    "c.py::hidden: x -> y": {"access/hidden"},
}
# What the second does keeps everybody from noticing the first.
HIDDEN, BY = "c.py::hidden: x -> y", "b.py::three: x -> y"
TOGETHER = {"a.py::two: x -> y", "b.py::two: x -> y"}


class Laboratory:
    """Runs trials without a backend: the patch of a trial holds the ids of its mutants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trials: list[set[str]] = []

    def run_all(self, trials: Iterable[Trial], *_: object) -> Iterator[Ended]:
        for trial in trials:
            assert trial.patch is not None
            made = set(trial.patch.path.read_text().splitlines())
            self.trials.append(made)
            failed = set().union(*(NOTICED[name] for name in made))
            failed |= {"access/both"} if made >= TOGETHER else set()
            failed -= NOTICED[HIDDEN] if BY in made else set()
            if asked := {
                option.removeprefix("--check=") for option in trial.options if option.startswith("--check=")
            }:
                failed &= asked
            folder = self.folder / str(len(self.trials))
            (folder / REPORT).parent.mkdir(parents=True, exist_ok=True)
            (folder / LOG).write_text("a traceback")
            cells = [{"id": name, "verdict": "fail"} for name in sorted(failed)]
            (folder / REPORT).write_text(json.dumps({"cells": cells}))
            yield Ended(trial, folder, 3 if "no verdict" in failed else bool(failed), 1.0)


@pytest.fixture
def laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    found = Laboratory(tmp_path)
    monkeypatch.setattr(trying, "run_all", found.run_all)
    monkeypatch.setattr(trying, "patch_of", lambda _, mutants: "\n".join(mutant.id for mutant in mutants))
    return found


def _tried(
    folder: Path, names: Iterable[str] = NOTICED, listed: Sequence[str] = (), callers: Callers | None = None
) -> dict[str, trying.Told]:
    """What became of some, by their ids; `folder` remembers what killed them."""
    mutants = [Mutant(name, name.partition("::")[0], 0, 1, "") for name in names]
    killers = Killers(folder / "killers.json", stored(folder / "killers.json"))
    callers = callers or Callers(folder / "callers.json")
    return {told.id: told for told in trying.tried(mutants, 2, killers, callers, listed)}


@pytest.mark.usefixtures("laboratory")
def test_each_comes_to_what_it_would_alone(tmp_path: Path) -> None:
    """Whoever shares a pool, a mutant is killed by a check of its own, survives, or comes to no verdict."""
    told = _tried(tmp_path)

    outcomes = {name: one.outcome for name, one in told.items()}
    assert outcomes == {
        name: "broken" if "no verdict" in checks else "killed" if checks else "survived"
        for name, checks in NOTICED.items()
    }
    assert all(told[name].by in checks for name, checks in NOTICED.items() if outcomes[name] == "killed")


def test_what_killed_them_is_asked_first_next_time(tmp_path: Path, laboratory: Laboratory) -> None:
    """The second time, no pool holds one that was killed the first time."""
    first = _tried(tmp_path)
    laboratory.trials.clear()

    second = _tried(tmp_path)

    killed = {name for name, one in first.items() if one.outcome == "killed"}
    assert {name for name, one in second.items() if one.outcome == "killed"} == killed
    assert [made for made in laboratory.trials if len(made) > 1 and made & killed] == []


def test_what_calls_a_function_is_asked_first(tmp_path: Path, laboratory: Laboratory) -> None:
    """A mutant that a caller of its function notices never comes into a pool."""
    callers = Callers(tmp_path / "callers.json", {"b.py::one": ["access/other", "access/only-this"]})

    told = _tried(tmp_path, callers=callers)

    assert told["b.py::one: x -> y"].by == "access/only-this"
    assert [made for made in laboratory.trials if "b.py::one: x -> y" in made] == [{"b.py::one: x -> y"}]


@pytest.mark.usefixtures("laboratory")
def test_one_that_another_hides_is_killed_all_the_same(tmp_path: Path) -> None:
    """What no check notices of a pool is put to all of them by itself."""
    told = _tried(tmp_path, [HIDDEN, BY])

    assert (told[HIDDEN].outcome, told[BY].outcome) == ("killed", "survived")


def test_what_is_listed_is_not_asked_again(tmp_path: Path, laboratory: Laboratory) -> None:
    """A survivor of which it is known that nobody can notice it stays in its pool."""
    equivalent = ["a.py::two: x -> y", "b.py::three: x -> y"]

    told = _tried(tmp_path, equivalent, listed=equivalent)

    assert {one.outcome for one in told.values()} == {"survived"}
    assert all(made == set(equivalent) for made in laboratory.trials)
