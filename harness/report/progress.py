"""How far a backend has come: each finding of the audit by its checks, and the phases of the migration plan by theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.findings import Finding
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.promise_verdicts import PromiseVerdict, verdicts_by_promise
from coursegate.harness.verdicts import Verdict

UNASKED = "not asked"


@dataclass(frozen=True)
class Progress:
    """One finding in one run.

    Attributes:
        verdict: that of its worst check; `not asked` where no check cites it.
        checks: the cells that cite it, the worst first.
        through: where it fails in checks alone that are about other findings first: those findings.
        deferred: whether what is not kept of it belongs to a later phase only.
    """

    finding: Finding
    verdict: str
    checks: Sequence[Mapping[str, Any]]
    through: Sequence[str]
    deferred: bool

    @property
    def unkept(self) -> list[Mapping[str, Any]]:
        return [cell for cell in self.checks if cell["verdict"] == self.verdict != Verdict.PASS]


@dataclass(frozen=True)
class Phase:
    """A phase of the plan: how many of its findings are kept, broken, in doubt, or anything else.

    Attributes:
        doubted: those that fail in checks alone that are about other findings first.
    """

    number: int
    kept: int
    broken: int
    doubted: int
    other: int

    @property
    def all(self) -> int:
        return self.kept + self.broken + self.doubted + self.other


def progress_of(result: Result, contract: Contract) -> list[Progress]:
    """Every finding that a backend can keep or break, in the order of the audit."""
    cited = verdicts_by_promise(result.cells)
    deferred = frozenset(result.deferred)
    return [
        _progress(finding, cited.get(finding.id), deferred)
        for finding in contract.findings.values()
        if not finding.is_of_the_gate
    ]


def phases(found: Sequence[Progress]) -> list[Phase]:
    """The phases in order."""
    numbers = sorted({standing.finding.phase for standing in found})
    return [_phase(number, [one for one in found if one.finding.phase == number]) for number in numbers]


def _progress(finding: Finding, cited: PromiseVerdict | None, deferred: frozenset[str]) -> Progress:
    if cited is None:
        return Progress(finding, UNASKED, [], [], deferred=False)
    later = deferred.issuperset(cell["id"] for cell in cited.worst)
    return Progress(finding, cited.verdict, cited.checks, cited.through, later)


def _phase(number: int, found: Sequence[Progress]) -> Phase:
    kept = sum(one.verdict == Verdict.PASS for one in found)
    doubted = sum(bool(one.through) for one in found)
    broken = sum(one.verdict == Verdict.FAIL for one in found) - doubted
    return Phase(number, kept, broken, doubted, len(found) - kept - broken - doubted)
