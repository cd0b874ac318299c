"""One patch put to the gate, in a process that was forked for it: it starts the patched backend and asks the checks."""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursegate.commands.proof.defects import Alternative, Defect, Patch
from coursegate.commands.proof.standing import standing_world
from coursegate.commands.proof.workshop import DoesNotApply, apply_patch, copy_compiled
from coursegate.commands.run_options import INI, PREFLIGHT_VARIABLE, ROOT
from coursegate.contracts.findings import ID
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.preflight.start import check_start
from coursegate.harness.targets.binding import Binding, locate
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import KEPT_VARIABLE

# Read by somebody who is let in and somebody who sees less: what a patch does not touch must stay as it is. Each patch is put
# to one of these rows, which keeps trials short; over all patches each is read many times, and with `whole` all of the table
# is.
CONTROL_ROWS = (
    "categories.list/categories",
    "certificates.list/certificates",
    "draft-courses.list/draft-courses",
    "notes.list/notes",
    "profile.retrieve/self",
    "subscription.current/self",
)
_CONTROL_PRINCIPALS = ("registered", "owner")
REPORT, REASON, LOG, STARTED = "reports/gate.json", "reason.txt", "log.txt", "started.json"
REFERENCE = "the reference"
# It is asked by several processes: what all alternatives together ask takes one of them longer than any patch.
REFERENCE_PARTS = 6
# An exit code that no run has.
NOT_STARTED = 99


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

    @property
    def is_whole(self) -> bool:
        """Whether every check is asked."""
        return not self.options


def trial_of(patch: Patch, *, whole: bool) -> Trial:
    """The checks that a patch speaks of, and some that it must leave alone; with `whole`, everything."""
    if whole:
        return Trial(patch.id, patch, ())
    if isinstance(patch, Alternative):
        return Trial(patch.id, patch, questions(patch.asks))
    assert isinstance(patch, Defect)
    checks = (f"--check={name}" for name in (*patch.red, *control_of(patch.id)))
    return Trial(patch.id, patch, ("--run-target-tests", *checks))


def control_of(name: str) -> tuple[str, ...]:
    """The checks that a patch of this name must leave alone: the same ones each time."""
    row = CONTROL_ROWS[zlib.crc32(name.encode()) % len(CONTROL_ROWS)]
    return tuple(f"access/{row}/{principal}" for principal in _CONTROL_PRINCIPALS)


def reference_trials(trials: Sequence[Trial]) -> list[Trial]:
    """What the reference as it is must be asked, so that the answers of alternatives can be compared with its own."""
    patches = [trial.patch for trial in trials]
    asked = {name for patch in patches if isinstance(patch, Alternative) for name in patch.asks}
    # What is named by its check is asked for its verdict only: there is nothing to compare.
    asks = sorted(name for name in asked if "/" not in name)
    parts = [asks[number::REFERENCE_PARTS] for number in range(REFERENCE_PARTS)]
    return [Trial(REFERENCE, None, questions(part)) for part in parts if part]


def questions(asks: Iterable[str]) -> tuple[str, ...]:
    """Options that ask what an alternative names: the rows of an operation, the checks of a finding, or a check."""
    checks = (
        name if "/" in name else f"{'regression' if ID.fullmatch(name) else 'access'}/{name}"
        for name in sorted(set(asks))
    )
    return tuple(f"--check={check}" for check in checks)


def run(trial: Trial, folder: Path) -> int:
    """Put the patch in, start the backend in this process, ask the checks. Leaves a report, or a reason, in `folder`.

    Returns the exit code of the run. Only for a process that does nothing afterwards.
    """
    try:
        backend = copy_compiled(folder)
        if trial.patch is not None:
            apply_patch(trial.patch.path, backend)
    except (DoesNotApply, OSError) as problem:
        (folder / REASON).write_text(str(problem), encoding="utf-8")
        return 3
    if (standing := standing_world()) and standing.serves(trial.patch, backend):
        os.environ[KEPT_VARIABLE] = str(standing.file)
    # A start that fails leaves a half-started Django behind: what can be judged then is asked in a process that saw none of it.
    process = os.fork()
    if not process:
        started = _climb(locate(backend), folder)
        code = NOT_STARTED if started.verdict is Verdict.FAIL else _ask(trial, backend, folder)
        sys.stdout.flush()
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code != NOT_STARTED:
        return code
    os.environ[PREFLIGHT_VARIABLE] = (folder / STARTED).read_text(encoding="utf-8")
    return _ask(trial, backend, folder)


def _climb(binding: Binding, folder: Path) -> RungResult:
    """The rung that the checks need to know of: the ladder itself is not what is proved."""
    scratch = folder / "scratch"
    scratch.mkdir()
    binding.activate(scratch)
    with binding.at_home():
        started = check_start(binding)
    told = os.environ[PREFLIGHT_VARIABLE] = json.dumps([started.as_dict()])
    (folder / STARTED).write_text(told, encoding="utf-8")
    return started


def _ask(trial: Trial, backend: Path, folder: Path) -> int:
    import pytest

    sys.argv = ["coursegate"]
    settings = ["-q", "-c", str(INI), f"--rootdir={ROOT}", "-p", "no:cacheprovider"]
    where = [f"--target={backend}", f"--report-dir={folder / 'reports'}"]
    return int(pytest.main([*settings, *where, *trial.options, str(ROOT / "suites")]))
