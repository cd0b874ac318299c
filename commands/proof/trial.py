"""What is asked of one patched backend, and of the reference as it is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coursegate.commands.proof.defects import Alternative, Defect, Patch
from coursegate.contracts.findings import ID

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
# What it leaves behind.
REPORT, REASON, LOG = "reports/gate.json", "reason.txt", "log.txt"
REFERENCE = "the reference"
# It is asked by several processes: what all alternatives together ask takes one of them longer than any patch.
REFERENCE_PARTS = 6


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
