"""The longest trials come first, and an alternative waits for what it is compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from coursegate.commands import prove
from coursegate.commands.proof.defects import Alternative
from coursegate.commands.proof.forking import Ended
from coursegate.commands.proof.narrowing import Narrowing
from coursegate.commands.proof.ordering import Durations
from coursegate.commands.proof.remembering import Memory
from coursegate.commands.proof.trial import LOG, REFERENCE_PARTS, REPORT, Trial, reference_trials


def _alternative(name: str, *asks: str, seen: tuple[str, ...] = ()) -> Alternative:
    return Alternative(Path(f"{name}.patch"), f"benign/{name}", "It is otherwise.", asks, seen)


def test_longest_come_first(tmp_path: Path) -> None:
    """What took longest the last time comes first; what nobody has timed is ranked by its family."""
    durations = Durations(tmp_path / "durations.json", {"access/slow": 30.0, "deployed/quick": 1.0})
    trials = [
        Trial(name, None, ()) for name in ("access/new", "deployed/quick", "deployed/new", "access/slow")
    ]

    ordered = [trial.name for trial in durations.longest_first(trials)]

    assert ordered == ["access/slow", "deployed/new", "access/new", "deployed/quick"]


def test_durations_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one proof has timed, the next one knows; a damaged file is none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    durations = Durations.opened()
    durations.note("access/slow", 30.04)
    durations.keep()

    assert Durations.opened().known == {"access/slow": 30.0}
    durations.path.write_text("[")
    assert Durations.opened().known == {}


def test_reference_is_asked_what_any_alternative_asks() -> None:
    """The parts that the reference is asked in hold each operation and finding once, and no race."""
    many = [f"courses.act{number}" for number in range(20)]
    patches = [_alternative("one", *many), _alternative("two", many[0], "MOD-01", "concurrency/VIEW-16")]

    parts = reference_trials(patches)

    asked = [option for part in parts for option in part.options]
    assert len(parts) == REFERENCE_PARTS
    assert sorted(asked) == sorted(
        [*(f"--check=access/{name}" for name in many), "--check=regression/MOD-01"]
    )


def test_alternative_waits_for_the_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alternative that ends before the reference is compared with all that the reference answers."""
    monkeypatch.setattr(prove, "preload", lambda: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def backwards(trials: Iterable[Trial], *_: object) -> Iterator[Ended]:
        for trial in reversed(list(trials)):
            seen = "200" if trial.patch is None else "404"
            cells = [{"id": "access/a/b/guest", "verdict": "pass", "seen": seen}]
            folder = tmp_path / "trial"
            (folder / REPORT).parent.mkdir(parents=True, exist_ok=True)
            (folder / REPORT).write_text(json.dumps({"cells": cells}))
            (folder / LOG).write_text("")
            yield Ended(trial, folder, 0, 1.0)

    monkeypatch.setattr(prove, "run_all", backwards)
    told = _alternative("told", "a", seen=("access/a",))
    silent = _alternative("silent", "a")

    queue = Narrowing({}, tmp_path, Memory.opened("pools", "everything"))

    found = {one.id: one for one in prove._proved([[told], [silent]], 2, queue, whole=False)}

    assert found["benign/told"].outcome == "green"
    assert found["benign/silent"].outcome == "broken"
    assert "otherwise than by the reference" in found["benign/silent"].reason
