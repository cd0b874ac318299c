"""What a check cites, in words: a finding of the audit, a policy, or the description of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.findings import Finding

# What a check keeps that cites nothing: the inventory holds the description against the routes.
UNCITED = "openapi.yaml"


@dataclass(frozen=True)
class Promise:
    """What was promised, and by whom.

    Attributes:
        id: of the finding (`SER-02`) or policy (`policy 4`), or the file that describes the API.
        required: what must hold.
        wrong: what the audit found; "" for a policy.
        quotes: the audit's own words, with where they stand.
        finding: the finding itself, None for anything else.
    """

    id: str
    title: str
    required: str
    wrong: str = ""
    compat: str = ""
    quotes: Sequence[str] = ()
    finding: Finding | None = None

    @property
    def severity(self) -> str:
        return self.finding.severity if self.finding else ""


def cited_by(cell: Mapping[str, Any]) -> list[str]:
    """What the problem of a cell is about, where that is something else than what was asked, then what the cell cites."""
    return [name for name in dict.fromkeys([cell.get("about", ""), *cell["findings"]]) if name]


def promises_of(cited: Sequence[str], contract: Contract) -> list[Promise]:
    """The promises that a check cites, findings before policies, the gravest finding first; at least one."""
    found = [promise_of(name, contract) for name in cited or (UNCITED,)]
    return sorted(found, key=lambda promise: promise.finding.gravity if promise.finding else (9, 9, ""))


def promise_of(name: str, contract: Contract) -> Promise:
    """A promise by what checks call it; one that the contract does not know is its own title."""
    if finding := contract.findings.get(name):
        quotes = tuple(f"“{quote}” ({finding.reviews})" for quote in finding.quotes)
        return Promise(name, finding.title, finding.required, finding.defect, finding.compat, quotes, finding)
    if policy := contract.policies.get(name):
        return Promise(name, policy.title, policy.says)
    if name == UNCITED:
        return Promise(
            name,
            "What is routed is described, and what is described is routed",
            "Every route below /api/ is an operation of openapi.yaml, and every operation that is not optional is routed.",
        )
    return Promise(name, name, "")
