"""`coursegate prove` puts defects into the reference backend and says whether the checks noticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coursegate.commands.proof.defects import FOLDER

# One of a leak, of a change that is noticed too late, and of an honest alternative.
SOME = ("access/tier-filter-off", "access/level-cached-past-its-end", "benign/locked-lesson-is-hidden")
# What a test of every change can afford; the whole is `make prove`.
SAMPLED = 8


def _prove(folder: Path, *names: str) -> tuple[int, str, dict[str, Any]]:
    command = [sys.executable, "-m", "coursegate.commands.cli", "prove", f"--report-dir={folder}", *names]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=3600, check=False, env=environment, cwd=folder
    )
    report = folder / "proof.json"
    return (
        done.returncode,
        done.stdout + done.stderr,
        json.loads(report.read_text()) if report.is_file() else {},
    )


def test_some_are_proved_and_remembered(tmp_path: Path) -> None:
    """Defects are killed, an alternative is green, and what has been proved is not proved again."""
    code, told, report = _prove(tmp_path, *SOME)

    assert code == 0, told
    assert {patch["id"]: patch["outcome"] for patch in report["patches"]} == {
        SOME[0]: "killed",
        SOME[1]: "killed",
        SOME[2]: "green",
    }
    code, told, again = _prove(tmp_path, *SOME)
    assert code == 0, told
    assert "3 as proved before" in told
    assert again["patches"] == report["patches"]


def test_unknown_name_is_refused(tmp_path: Path) -> None:
    """A name that no finding, family or defect has is refused with those that there are."""
    code, told, _ = _prove(tmp_path, "access/no-such-defect")

    assert code == 4
    assert "no finding, family or defect is called 'access/no-such-defect'" in told


def test_sample_with_what_changed_is_noticed(tmp_path: Path) -> None:
    """Some defects of every family, what the last commit changed first, are noticed."""
    parent = ["git", "-C", str(FOLDER), "rev-parse", "--verify", "--quiet", "HEAD~1"]
    known = subprocess.run(parent, capture_output=True, timeout=30, check=False).returncode == 0
    since = ("--since=HEAD~1",) if known else ()

    code, told, report = _prove(tmp_path, f"--sample={SAMPLED}", *since)

    assert code == 0, told
    assert len(report["patches"]) == SAMPLED


@pytest.mark.exhaustive
def test_every_defect_is_noticed(tmp_path: Path) -> None:
    """Every seeded defect is killed by its own checks, and every honest alternative stays green."""
    code, told, _ = _prove(tmp_path)

    assert code == 0, told
