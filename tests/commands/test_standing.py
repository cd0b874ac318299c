"""The world that trials share is the one that each of them would have built."""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMAND = (sys.executable, "-m", "coursegate.tests.commands.same_world")
# A view, a serializer, a module that building calls in other functions, settings and a model.
SPARED = ("access/tier-filter-off", "access/level-from-a-header", "benign/odd-filters-ignored")
NOT_SPARED = ("findings/answers-share-a-place", "findings/course-state-never-moves")


def _told(*names: str, seconds: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *names], capture_output=True, text=True, timeout=seconds, check=False)


def test_patched_backend_builds_the_shared_world() -> None:
    """A patch that had no part in the world leaves every table and row of it as they are; one that had is not served."""
    done = _told(*SPARED, *NOT_SPARED, seconds=120)

    assert not done.returncode, done.stdout + done.stderr
    assert f"{len(SPARED)} of {len(SPARED) + len(NOT_SPARED)} are spared the building" in done.stdout


@pytest.mark.exhaustive
def test_every_patched_backend_builds_the_shared_world() -> None:
    """Of all patches that are spared the building, none would have built another world."""
    done = _told(seconds=3600)

    assert not done.returncode, done.stdout + done.stderr
    assert "; 0 would have built another world" in done.stdout
