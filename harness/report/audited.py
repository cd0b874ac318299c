"""The audit as a page tells it: file by file, each finding in its words, with what this run says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from coursegate.contracts.contract import Contract
from coursegate.contracts.findings import Finding, files_of
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.progress import UNASKED, Phase, Progress, phases, progress_of
from coursegate.harness.report.proved import Patch, Proof
from coursegate.harness.report.squares import MARKS, Check, Mark

# Of the checks of one finding that are not kept, so many are named; the rest is counted.
MOST_CHECKS = 12
NOT_ASKED = Mark(UNASKED, "?", "no check of this run cites it")
IN_DOUBT = Mark("in doubt", "?", "only checks fail that are about another finding first")


@dataclass(frozen=True)
class Told:
    """One finding; it is told in full below the first of its files, and named below the others.

    Attributes:
        unkept: the worst of its checks, with the addresses of their places; none where it is kept.
        proofs: the seeded defects that it has, as they were proved.
    """

    finding: Finding
    mark: Mark
    progress: Progress
    unkept: Sequence[tuple[Check, str]]
    proofs: Sequence[Patch]

    @property
    def anchor(self) -> str:
        return f"finding/{self.finding.id}"


@dataclass(frozen=True)
class File:
    """A file that the audit names: its own findings, and those told elsewhere."""

    name: str
    own: Sequence[Told]
    others: Sequence[Told]

    @property
    def counts(self) -> Mapping[Mark, int]:
        found: dict[Mark, int] = {}
        for told in (*self.own, *self.others):
            found[told.mark] = found.get(told.mark, 0) + 1
        return found


@dataclass(frozen=True)
class Audit:
    phases: Sequence[Phase]
    files: Sequence[File]


def audit_of(
    checks: Sequence[Check], result: Result, contract: Contract, proof: Proof | None = None
) -> Audit | None:
    """The audit in this run; None where no check cites a finding."""
    found = progress_of(result, contract)
    if not any(one.checks for one in found):
        return None
    by_id = {check.cell["id"]: check for check in checks}
    told = {one.finding.id: _told(one, by_id, proof) for one in found}
    files = []
    for name, findings in files_of(one.finding for one in found).items():
        about = [told[finding.id] for finding in findings]
        own = [one for one in about if one.finding.files[0] == name]
        files.append(File(name, own, [one for one in about if one not in own]))
    return Audit(phases(found), files)


def _told(one: Progress, by_id: Mapping[str, Check], proof: Proof | None) -> Told:
    worst = [by_id[cell["id"]] for cell in one.unkept]
    mark = _mark(one, {check.mark.name for check in worst})
    places = [(check, check.place) for check in worst] if not mark.is_kept else []
    return Told(one.finding, mark, one, places, proof.of(one.finding.id) if proof else [])


def _mark(one: Progress, kinds: Collection[str]) -> Mark:
    if not one.checks:
        return NOT_ASKED
    if one.through:
        return IN_DOUBT
    return MARKS["leak" if "leak" in kinds else one.verdict]
