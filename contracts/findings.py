"""The findings of the audit (`findings.yaml`): what each asks for, where it stands, what must keep working."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from coursegate.contracts.reading import Entry, read
from coursegate.contracts.wrong_question import WrongQuestion

Word = TypeVar("Word", bound=StrEnum)
ID = re.compile(r"[A-Z]+-\d\d")
PHASES = range(5)


class Severity(StrEnum):
    """How much harm a finding does, the worst first."""

    BLOCKER = "blocker"
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Evidence(StrEnum):
    """How a finding can be judged."""

    HTTP = "black-box HTTP"
    DJANGO = "in-process Django"
    IMPORT = "static-import"
    CONCURRENCY = "concurrency"
    CONFIGURATION = "configuration"
    # A demand on the gate itself: its own tests prove it, not a patch on a backend.
    SELF = "gate-self"


@dataclass(frozen=True)
class Finding:
    """One finding; the fields are those of the file, texts in one line."""

    id: str
    title: str
    files: tuple[str, ...]
    reviews: str
    quotes: tuple[str, ...]
    defect: str
    required: str
    compat: str
    resolution: str
    note: str
    severity: Severity
    phase: int
    evidence: tuple[Evidence, ...]
    line: int

    def is_about(self, file: str) -> bool:
        """Whether the finding names a file of the backend, by itself or by a pattern."""
        return any(fnmatchcase(file, pattern.replace("**", "*")) for pattern in self.files)

    @property
    def gravity(self) -> tuple[int, int, str]:
        """A key by which the gravest come first, of these the earliest phase."""
        return list(Severity).index(self.severity), self.phase, self.id

    @property
    def is_of_the_gate(self) -> bool:
        return Evidence.SELF in self.evidence


class NoSuchFinding(WrongQuestion):
    """Nothing in the audit is called so, or is about it. The text says what there is."""


def find(findings: Mapping[str, Finding], name: str) -> Finding:
    """A finding by its id, whatever the case of its letters.

    Raises:
        NoSuchFinding: there is none.
    """
    if name.upper() not in findings:
        areas = ", ".join(dict.fromkeys(known.partition("-")[0] for known in findings))
        raise NoSuchFinding(
            f"the audit has no finding {name!r}; ids look like SER-02, the areas are {areas}. "
            "`coursegate findings` lists them all"
        )
    return findings[name.upper()]


def about(findings: Mapping[str, Finding], file: str) -> list[Finding]:
    """The findings about a file of the backend, named from its folder (`courses/views/public.py`).

    Raises:
        NoSuchFinding: none is about it.
    """
    found = [finding for finding in findings.values() if finding.is_about(file)]
    if not found:
        raise NoSuchFinding(
            f"no finding of the audit is about {file!r}; `coursegate findings --by-file` lists the files"
        )
    return found


def files_of(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The files that must be modified, in alphabetical order, each with its findings, the gravest first."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        for file in finding.files:
            found.setdefault(file, []).append(finding)
    return {file: sorted(found[file], key=lambda finding: finding.gravity) for file in sorted(found)}


def load_findings(path: Path) -> Mapping[str, Finding]:
    """Read `findings.yaml`, in its order.

    Raises:
        ContractError: malformed, an id that stands twice or is none, an unknown severity, phase or evidence.
    """
    findings = read(path).mapping(required={"findings"}, optional=set())["findings"]
    return {name: _finding(name, entry) for name, entry in findings.items()}


def _finding(name: str, entry: Entry) -> Finding:
    said = entry.mapping(
        required={
            "title",
            "files",
            "reviews",
            "defect",
            "required",
            "compat",
            "severity",
            "phase",
            "evidence",
        },
        optional={"quotes", "resolution", "note"},
    )
    if not ID.fullmatch(name):
        raise entry.error(f"{name!r} is no id of a finding (AREA-00)")
    texts = {key: " ".join(said[key].text().split()) if key in said else "" for key in _TEXTS}
    phase = said["phase"].plain()
    if phase not in PHASES:
        raise said["phase"].error(
            f"expected a phase from {PHASES[0]} to {PHASES[-1]}, found {said['phase'].shape}"
        )
    return Finding(
        id=name,
        files=tuple(said["files"].texts()),
        quotes=tuple(said["quotes"].texts()) if "quotes" in said else (),
        severity=_word(said["severity"], Severity),
        phase=phase,
        evidence=tuple(_word(word, Evidence) for word in said["evidence"].sequence()),
        line=entry.line,
        **texts,
    )


_TEXTS = ("title", "reviews", "defect", "required", "compat", "resolution", "note")


def _word(entry: Entry, words: type[Word]) -> Word:
    try:
        return words(entry.text())
    except ValueError:
        raise entry.error(f"{entry.text()!r} is none of {', '.join(words)}") from None
