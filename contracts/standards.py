"""Requirements of common standards, and what of the contract judges them (`standards.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursegate.contracts.findings import Finding
from coursegate.contracts.policies import Policy
from coursegate.contracts.reading import Entry, read

SUITE = "suite "


@dataclass(frozen=True)
class Requirement:
    """One requirement of a standard.

    Attributes:
        by: findings, policies and rooms (`suite verbs`) whose checks judge it.
        why: why nothing judges it; "" where something does.
    """

    standard: str
    id: str
    title: str
    by: Sequence[str]
    why: str


def load_standards(
    path: Path, findings: Mapping[str, Finding], policies: Mapping[str, Policy]
) -> tuple[Requirement, ...]:
    """Read `standards.yaml`, in its order.

    Raises:
        ContractError: something that judges is neither finding, policy nor room; nothing judges and nobody says why.
    """
    standards = read(path).mapping(required={"standards"}, optional=set())["standards"]
    known = findings.keys() | policies.keys()
    return tuple(
        _requirement(standard, name, entry, known)
        for standard, requirements in standards.items()
        for name, entry in requirements.items()
    )


def _requirement(standard: str, name: str, entry: Entry, known: set[str]) -> Requirement:
    said = entry.mapping(required={"title", "by"}, optional={"why"})
    by = said["by"].texts()
    if unknown := [text for text in by if text not in known and not text.startswith(SUITE)]:
        raise said["by"].error(f"{unknown[0]!r} is no finding, no policy and no suite")
    why = said["why"].text() if "why" in said else ""
    if bool(by) == bool(why):
        raise entry.error(f"{name} is judged by something, or says why it is not")
    return Requirement(standard, name, said["title"].text(), by, why)
