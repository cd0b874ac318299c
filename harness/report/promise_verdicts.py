"""What the checks that cite a promise make of it: a finding of the audit, or a policy by its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.findings import ID
from coursegate.harness.verdicts import Verdict

# The worst first: what one check of a promise is, the promise is.
_ORDER = (
    *(Verdict.FAIL, Verdict.BLOCKED, Verdict.NOT_ASSESSED, Verdict.WAIVED, Verdict.PASS),
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True)
class PromiseVerdict:
    """A promise in one run.

    Attributes:
        verdict: that of its worst check.
        checks: the cells that cite it, the worst first.
        through: where no check fails that is about this finding before others: the findings that those are about which fail.
            The fault may be there alone: a list that leaks, say, breaks whatever counts on what it shows, and a key that
            another finding asks for is missing whoever looks. Policies likewise.
    """

    verdict: Verdict
    checks: Sequence[Mapping[str, Any]]
    through: Sequence[str]

    @property
    def worst(self) -> list[Mapping[str, Any]]:
        return [cell for cell in self.checks if cell["verdict"] == self.verdict]


def verdicts_by_promise(cells: Sequence[Mapping[str, Any]]) -> dict[str, PromiseVerdict]:
    """Each promise that some cell cites, in the order of their names."""
    citing: dict[str, list[Mapping[str, Any]]] = {}
    for cell in sorted(cells, key=lambda cell: _ORDER.index(cell["verdict"])):
        for promise in cell["findings"]:
            citing.setdefault(promise, []).append(cell)
    return {promise: _verdict(promise, citing[promise]) for promise in sorted(citing)}


def _verdict(promise: str, cells: Sequence[Mapping[str, Any]]) -> PromiseVerdict:
    verdict = Verdict(cells[0]["verdict"])
    leading = {_first_like(promise, cell) for cell in cells if cell["verdict"] == Verdict.FAIL}
    return PromiseVerdict(verdict, cells, [] if promise in leading else sorted(leading))


def _first_like(promise: str, cell: Mapping[str, Any]) -> str:
    """What a cell that cites this finding is about before other findings; of a policy, before other policies."""
    is_finding = ID.fullmatch(promise) is not None
    if is_finding and cell.get("about"):  # reports of former versions say nothing of it
        return str(cell["about"])
    cited: Sequence[str] = cell["findings"]
    return next(name for name in cited if (ID.fullmatch(name) is not None) is is_finding)
