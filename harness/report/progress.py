"""How far a backend has come: each finding of the audit by its checks, and the phases of the migration plan by theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.findings import Finding
from coursegate.harness.report.gate_json import Result
from coursegate.harness.verdicts import Verdict

# The worst first: what one check of a finding is, the finding is.
_ORDER = (
    *(Verdict.FAIL, Verdict.BLOCKED, Verdict.NOT_ASSESSED, Verdict.WAIVED, Verdict.PASS),
    Verdict.NOT_APPLICABLE,
)
UNASKED = "not asked"


@dataclass(frozen=True)
class Progress:
    """One finding in one run.

    Attributes:
        verdict: that of its worst check; `not asked` where no check cites it.
        checks: the cells that cite it, the worst first.
        deferred: whether what is not kept of it belongs to a later phase only.
    """

    finding: Finding
    verdict: str
    checks: Sequence[Mapping[str, Any]]
    deferred: bool

    @property
    def unkept(self) -> list[Mapping[str, Any]]:
        return [cell for cell in self.checks if cell["verdict"] == self.verdict != Verdict.PASS]


@dataclass(frozen=True)
class Phase:
    """A phase of the plan: how many of its findings are kept, broken, or anything else."""

    number: int
    kept: int
    broken: int
    other: int

    @property
    def all(self) -> int:
        return self.kept + self.broken + self.other


def progress_of(result: Result, contract: Contract) -> list[Progress]:
    """Every finding that a backend can keep or break, in the order of the audit."""
    citing: dict[str, list[Mapping[str, Any]]] = {}
    for cell in result.cells:
        for name in cell["findings"]:
            citing.setdefault(name, []).append(cell)
    deferred = frozenset(result.deferred)
    return [
        _progress(finding, citing.get(finding.id, []), deferred)
        for finding in contract.findings.values()
        if not finding.is_of_the_gate
    ]


def phases(found: Sequence[Progress]) -> list[Phase]:
    """The phases in order."""
    numbers = sorted({standing.finding.phase for standing in found})
    return [
        _phase(number, [one.verdict for one in found if one.finding.phase == number]) for number in numbers
    ]


def _progress(finding: Finding, cells: list[Mapping[str, Any]], deferred: frozenset[str]) -> Progress:
    cells = sorted(cells, key=lambda cell: _ORDER.index(cell["verdict"]))
    verdict = cells[0]["verdict"] if cells else UNASKED
    worst = [cell["id"] for cell in cells if cell["verdict"] == verdict]
    return Progress(finding, verdict, cells, bool(worst) and deferred.issuperset(worst))


def _phase(number: int, verdicts: Sequence[str]) -> Phase:
    kept = sum(verdict == Verdict.PASS for verdict in verdicts)
    broken = sum(verdict == Verdict.FAIL for verdict in verdicts)
    return Phase(number, kept, broken, len(verdicts) - kept - broken)
