"""What is asked of one patched backend, and of the reference as it is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
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
# Rooms that take as long as all others together: most of them have much to prepare, also for a single check.
SLOW = ("concurrency", "deployed", "fuzz", "isolation", "lifecycle")
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
        options: which checks, as options of `coursegate run`; where none is named, all of them.
        whole: whether all of them have been asked by the end of it: by itself, or of a pool that the patch was in.
    """

    name: str
    patch: Patch | None
    options: tuple[str, ...]
    whole: bool = False


def trial_of(patch: Patch) -> Trial:
    """The checks that a patch speaks of, and some that it must leave alone."""
    return Trial(patch.id, patch, _own(patch))


def last_trial_of(patch: Patch, reddened: Iterable[str]) -> Trial:
    """The checks that a patch speaks of, and those that were not green when every check was asked of its pool."""
    more = (f"--check={name}" for name in reddened)
    return Trial(patch.id, patch, (*_own(patch), *more), whole=True)


def _own(patch: Patch) -> tuple[str, ...]:
    if isinstance(patch, Alternative):
        return questions(patch.asks)
    assert isinstance(patch, Defect)
    checks = (f"--check={name}" for name in (*patch.red, *control_of(patch.id)))
    return ("--run-target-tests", *checks)


def control_of(name: str) -> tuple[str, ...]:
    """The checks that a patch of this name must leave alone: the same ones each time."""
    row = CONTROL_ROWS[zlib.crc32(name.encode()) % len(CONTROL_ROWS)]
    return tuple(f"access/{row}/{principal}" for principal in _CONTROL_PRINCIPALS)


def reference_trials(patches: Iterable[Patch]) -> list[Trial]:
    """What the reference as it is must be asked, so that the answers of alternatives can be compared with its own."""
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
