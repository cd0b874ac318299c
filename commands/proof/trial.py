"""One patch put to the gate, in a process that was forked for it: it starts the patched backend and asks the checks."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.functional import empty

from coursegate.commands.proof.defects import Alternative, Defect, Patch
from coursegate.commands.proof.workshop import DoesNotApply, apply_patch, copy_backend
from coursegate.commands.run_options import INI, PREFLIGHT_VARIABLE, ROOT
from coursegate.contracts.findings import ID
from coursegate.harness.preflight.start import check_start
from coursegate.harness.targets.binding import Binding, locate
from coursegate.harness.verdicts import Verdict

# Read in every area of the API: what a patch does not touch must stay as it is.
CONTROL = (
    "access/categories.list",
    "access/certificates.list",
    "access/draft-courses.list",
    "access/notes.list",
    "access/profile.retrieve",
    "access/subscription.current",
)
_ANEW = (
    "coursegate.suites",
    "coursegate.commands.declared",
    "coursegate.commands.plugin",
    "coursegate.commands.selecting",
)
REPORT, REASON, LOG = "reports/gate.json", "reason.txt", "log.txt"


@dataclass(frozen=True)
class Trial:
    """What is asked of one patched backend.

    Attributes:
        patch: None for the reference as it is.
        options: which checks, as options of `coursegate run`; none for all of them.
    """

    name: str
    patch: Patch | None
    options: tuple[str, ...]


def trial_of(patch: Patch, *, whole: bool) -> Trial:
    """The checks that a patch speaks of, and some that it must leave alone; with `whole`, everything."""
    if whole:
        return Trial(patch.id, patch, ())
    if isinstance(patch, Alternative):
        return Trial(patch.id, patch, questions(patch.asks))
    assert isinstance(patch, Defect)
    return Trial(patch.id, patch, tuple(f"--check={name}" for name in (*patch.red, *CONTROL)))


def questions(asks: Iterable[str]) -> tuple[str, ...]:
    """Options that ask what an alternative names: the rows of an operation, the checks of a finding."""
    rooms = {name: "regression" if ID.fullmatch(name) else "access" for name in asks}
    return tuple(f"--check={room}/{name}" for name, room in sorted(rooms.items()))


def run(trial: Trial, folder: Path) -> int:
    """Put the patch in, start the backend in this process, ask the checks. Leaves a report, or a reason, in `folder`.

    Returns the exit code of the run. Only for a process that does nothing afterwards.
    """
    try:
        backend = copy_backend(folder)
        if trial.patch is not None:
            apply_patch(trial.patch.path, backend)
    except (DoesNotApply, OSError) as problem:
        (folder / REASON).write_text(str(problem), encoding="utf-8")
        return 3
    _climb(locate(backend), folder)
    return _ask(trial, backend, folder)


def _climb(binding: Binding, folder: Path) -> None:
    """The rung that the checks need to know of, in this process: the ladder itself is not what is proved."""
    scratch = folder / "scratch"
    scratch.mkdir()
    binding.activate(scratch)
    with binding.at_home():
        started = check_start(binding)
    if started.verdict is Verdict.FAIL:
        # As in a run of the gate, where the rungs stand in a process of their own: pytest-django finds nothing to start.
        settings._wrapped = empty
    os.environ[PREFLIGHT_VARIABLE] = json.dumps([started.as_dict()])


def _ask(trial: Trial, backend: Path, folder: Path) -> int:
    import pytest

    # Loaded anew with all that holds them, so that pytest tells what the assertions of checks have compared.
    for name in [name for name in sys.modules if name.startswith(_ANEW)]:
        del sys.modules[name]
    sys.argv = ["coursegate"]
    settings = ["-q", "-c", str(INI), f"--rootdir={ROOT}", "-p", "no:cacheprovider"]
    where = [f"--target={backend}", f"--report-dir={folder / 'reports'}"]
    return int(pytest.main([*settings, *where, *trial.options, str(ROOT / "suites")]))
