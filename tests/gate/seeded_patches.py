"""Patches of the reference backend that say in a header what the gate must make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.suites.rooms import ROOMS
from coursegate.tests.gate.gate_process import ROOT

FAULTS = ROOT / "defects" / "access"
ALTERNATIVES = ROOT / "defects" / "benign"
# A read in every area of the API: what a patch does not touch must stay as it is.
CONTROL = (
    "categories.list",
    "certificates.list",
    "draft-courses.list",
    "notes.list",
    "profile.retrieve",
    "subscription.current",
)
EVERYTHING = "everything"
_NOTE = re.compile(r"# (\w+): (.+)")
_MORE = "#   "


@dataclass(frozen=True)
class Fault:
    """A patch that breaks a promise.

    Attributes:
        fault: what it does, in one sentence.
        red: checks that must fail, by id; the beginning of an id stands for at least one of the checks below it.
        kind: what sort of failure they are.
        told: what their reasons must say.
        only: operations that may fail at all, by id or, for all of a resource, the part before the dot; a fault
            that reddens others would be misattributed. "everything" where it touches all of them.
    """

    patch: Path
    fault: str
    red: tuple[str, ...]
    kind: str
    told: str
    only: frozenset[str]

    @property
    def suites(self) -> frozenset[str]:
        return frozenset(red.partition("/")[0] for red in self.red)

    def may_redden(self, operation: str) -> bool:
        return bool(self.only & {EVERYTHING, operation, operation.partition(".")[0]})


@dataclass(frozen=True)
class Alternative:
    """A patch that keeps every promise in another way.

    Attributes:
        alternative: what it does, in one sentence.
        asks: operations to put to it.
        seen: cells whose answers differ from the reference's, by id or its beginning; none where only the bodies
            of answers do, or nothing a client could see.
    """

    patch: Path
    alternative: str
    asks: tuple[str, ...]
    seen: tuple[str, ...]


def read_fault(patch: Path) -> Fault:
    notes = read_notes(patch, ("fault", "red", "kind", "told", "only"))
    red, only = _listed(notes["red"]), _listed(notes["only"])
    return Fault(patch, notes["fault"], red, notes["kind"], notes["told"], frozenset(only))


def read_alternative(patch: Path) -> Alternative:
    notes = read_notes(patch, ("alternative", "asks", "seen"))
    seen = () if notes["seen"] == "nothing" else _listed(notes["seen"])
    return Alternative(patch, notes["alternative"], _listed(notes["asks"]), seen)


def read_notes(patch: Path, keys: tuple[str, ...]) -> dict[str, str]:
    """The notes above the diff, `# key: text`, continued on lines that begin with `#` and three blanks.

    Raises:
        ValueError: a note is missing, unknown, or no note at all.
    """
    notes: dict[str, str] = {}
    for line in patch.read_text(encoding="utf-8").partition("diff --git ")[0].splitlines():
        if notes and line.startswith(_MORE):
            notes[list(notes)[-1]] += f" {line.removeprefix(_MORE)}"
        elif found := _NOTE.fullmatch(line):
            notes[found[1]] = found[2]
        else:
            raise ValueError(f"{patch.name}: {line!r} is no note; write `# key: text`")
    if list(notes) != list(keys):
        raise ValueError(
            f"{patch.name} must note {', '.join(keys)}, in this order; it has {', '.join(notes)}"
        )
    return notes


def by_name(patches: list[Path]) -> list[Any]:
    """The patches as parameters of a test that runs a gate on each: too many for every `make test`."""
    return [pytest.param(patch, id=patch.stem, marks=pytest.mark.exhaustive) for patch in patches]


def known_checks() -> dict[str, str]:
    """Every check that a run of everything makes, by id, and its operation."""
    contract = load_contract()
    cells = {f"access/{cell.id}": cell.operation for cell in contract.access.cells.values()}
    return cells | {check.id: check.operation for room in ROOMS.values() for check in room(contract)}


def under(name: str, cells: Iterable[str]) -> list[str]:
    """The ids that are `name`, or begin with it."""
    return [cell for cell in cells if f"{cell}/".startswith(f"{name}/")]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))
