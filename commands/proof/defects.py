"""Patches of the reference backend that say in a header what the gate must make of them (`defects/FAMILY/NAME.patch`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from coursegate.commands.declared import declared_checks
from coursegate.commands.places import ROOT
from coursegate.contracts.contract import Contract
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.session import is_below
from coursegate.harness.verdicts import Kind

FOLDER = ROOT / "defects"
# Honest alternatives, which must stay green; every other folder holds defects.
BENIGN = "benign"
# Seen only under load: no check asks for them, `make load-faults` does.
TRAFFIC = "load"
EVERYTHING = "everything"
_NOTE = re.compile(r"# (\w+): (.+)")
_MORE = "#   "
_DEFECT, _ALTERNATIVE = ("fault", "red", "kind", "told", "only"), ("alternative", "asks", "seen")


class DefectError(WrongQuestion):
    """A patch does not say what must become of it, or names what there is not. The text names the file."""


@dataclass(frozen=True)
class Patch:
    """What every patch has.

    Attributes:
        id: FAMILY/NAME.
        says: what it does, in one sentence.
    """

    path: Path
    id: str
    says: str

    @cached_property
    def touched(self) -> frozenset[str]:
        """The files that it changes, makes or takes away, as they are called from the folder of the backend."""
        named = re.findall(
            r"^diff --git a/backend/(\S+) b/backend/(\S+)", self.path.read_text(encoding="utf-8"), re.M
        )
        return frozenset(chain.from_iterable(named))

    @property
    def migrated(self) -> frozenset[str]:
        """The apps whose migrations it touches: two that add one to the same app go in, and nothing migrates any more."""
        return frozenset(
            app for app, found, _ in (name.partition("/migrations/") for name in self.touched) if found
        )


@dataclass(frozen=True)
class Defect(Patch):
    """A patch that breaks a promise.

    Attributes:
        finding: the finding of the audit whose fault it brings back; "" where it is another one.
        red: checks that must fail, by id; the beginning of an id stands for at least one of the checks below it.
        kind: what sort of failure they are.
        told: what their reasons must say.
        only: operations that may fail at all, by id or, for all of a resource, the part before the dot; for checks
            about no operation, the finding that they cite first; a defect that reddens others would be
            misattributed. "everything" where it touches all of them. Its own finding is implied.
    """

    finding: str
    red: tuple[str, ...]
    kind: Kind
    told: str
    only: frozenset[str]

    @property
    def suites(self) -> frozenset[str]:
        return frozenset(red.partition("/")[0] for red in self.red)

    def may_redden(self, area: str) -> bool:
        """Whether checks of an area may fail: an operation, or the finding that a check without one cites first."""
        return bool(self.only & {EVERYTHING, area, area.partition(".")[0]}) or area == self.finding != ""


@dataclass(frozen=True)
class Alternative(Patch):
    """A patch that keeps every promise in another way.

    Attributes:
        asks: operations and findings to put to it; checks of other rooms than `access` and `regression` by id or its
            beginning.
        seen: checks whose answers differ from the reference's, by id or its beginning; none where only the bodies
            of answers do, or nothing a client could see.
    """

    asks: tuple[str, ...]
    seen: tuple[str, ...]


def patches(folder: Path = FOLDER) -> list[Patch]:
    """Every patch of every family but those of load, in the order of their ids.

    Raises:
        DefectError: one of them is malformed.
    """
    return [read(path) for path in sorted(folder.glob("*/*.patch")) if path.parent.name != TRAFFIC]


def read(path: Path) -> Patch:
    """One patch with its header.

    Raises:
        DefectError: a note is missing or unknown, or what stands above the diff is no note.
    """
    name, notes = f"{path.parent.name}/{path.stem}", _notes(path)
    if path.parent.name == BENIGN:
        _check(path, notes, _ALTERNATIVE)
        seen = () if notes["seen"] == "nothing" else _listed(notes["seen"])
        return Alternative(path, name, notes["alternative"], _listed(notes["asks"]), seen)
    finding = notes.pop("finding", "")
    _check(path, notes, _DEFECT)
    if notes["kind"] not in set(Kind):
        raise DefectError(f"{name}: {notes['kind']!r} is no kind of failure; there are {', '.join(Kind)}")
    return Defect(
        path,
        name,
        notes["fault"],
        finding,
        _listed(notes["red"]),
        Kind(notes["kind"]),
        notes["told"],
        frozenset(_listed(notes["only"])),
    )


def known_checks(contract: Contract) -> Mapping[str, str]:
    """Every check that a run of everything makes, by id, and its area: its operation, or what it cites first."""
    return {name: check.area for name, check in declared_checks(contract).items()}


def under(name: str, checks: Iterable[str]) -> list[str]:
    """The ids that are `name`, or begin with it."""
    return [check for check in checks if is_below(check, name)]


def complaint(patch: Patch, checks: Mapping[str, str]) -> str:
    """What the header of a patch names although there is no such thing; "" where all of it exists."""
    operations = set(checks.values())
    named = patch.red if isinstance(patch, Defect) else patch.seen if isinstance(patch, Alternative) else ()
    for name in named:
        if not under(name, checks):
            return f"{patch.id}: no check is called {name!r}, nor does one begin so"
    if isinstance(patch, Alternative):
        return next(
            (
                f"{patch.id}: no operation, no finding with a check and no check is called {name!r}"
                for name in sorted(set(patch.asks) - operations)
                if "/" not in name or not under(name, checks)
            ),
            "",
        )
    if isinstance(patch, Defect):
        known = operations | {operation.partition(".")[0] for operation in operations} | {EVERYTHING}
        if strange := patch.only - known:
            return f"{patch.id}: `only` names {min(strange)!r}, which is no operation and no finding that is cited first"
        for red in patch.red:
            for check in under(red, checks):
                if not patch.may_redden(checks[check]):
                    return f"{patch.id}: {check} must go red, but what it is about, {checks[check]}, is none of `only`"
    return ""


def _notes(path: Path) -> dict[str, str]:
    """The notes above the diff, `# key: text`, continued on lines that begin with `#` and three blanks."""
    notes: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").partition("diff --git ")[0].splitlines():
        if notes and line.startswith(_MORE):
            notes[list(notes)[-1]] += f" {line.removeprefix(_MORE)}"
        elif found := _NOTE.fullmatch(line):
            notes[found[1]] = found[2]
        else:
            raise DefectError(f"{path.name}: {line!r} is no note; write `# key: text`")
    return notes


def _check(path: Path, notes: dict[str, str], keys: tuple[str, ...]) -> None:
    if list(notes) != list(keys):
        raise DefectError(
            f"{path.name} must note {', '.join(keys)}, in this order; it has {', '.join(notes)}"
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))
