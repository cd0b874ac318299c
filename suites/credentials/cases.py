"""The checks of this room: kinds of worthless credentials, at every operation; and refresh tokens that must no longer work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.world import GUEST
from coursegate.harness.checks import Check, samples
from coursegate.suites.credentials.endings import ENDINGS
from coursegate.suites.credentials.forging import KINDS

# Asked at every operation: what a view of its own authentication would most likely let in. The others are asked at one
# reading and one writing operation of each part of the API.
EVERYWHERE = frozenset({"garbage", "foreign", "expired"})
REFRESHES = ("token.refresh", "user-token.refresh")


@dataclass(frozen=True)
class CredentialCheck(Check):
    """An operation asked with credentials of a kind, in place of those with which the cell is allowed."""

    kind: str
    cell: Cell


def checks(contract: Contract) -> list[CredentialCheck]:
    return [*_access(contract), *_refresh(contract)]


def _access(contract: Contract) -> Iterator[CredentialCheck]:
    parts: set[tuple[str, bool]] = set()
    for name, cell in _allowed(contract).items():
        operation = contract.api.operations[name]
        part = operation.tag, operation.is_safe
        for kind in KINDS:
            if kind in EVERYWHERE or part not in parts:
                yield _check(f"access/{kind}/{name}", kind, cell, "401")
        parts.add(part)


def _refresh(contract: Contract) -> Iterator[CredentialCheck]:
    for operation in REFRESHES:
        cell = contract.access.cells[f"{operation}/registered/{GUEST}"]
        for ending in ENDINGS:
            yield _check(f"refresh/after-{ending}/{operation}", ending, cell, "done, then 401")


def _allowed(contract: Contract) -> dict[str, Cell]:
    """For each operation that looks at credentials, a cell that is allowed to somebody with an account."""
    found = {}
    for name, cell in samples(contract).items():
        row = [other for other in contract.access.row(cell) if other.principal != GUEST]
        allowed = next((other for other in row if other.certain), None)
        if allowed and contract.api.operations[name].takes_credentials:
            found[name] = allowed
    return found


def _check(name: str, kind: str, cell: Cell, expected: str) -> CredentialCheck:
    return CredentialCheck(
        id=f"credentials/{name}",
        operation=cell.operation,
        principal=cell.principal,
        subject=cell.subject,
        expected=expected,
        sources=("policy 1", "policy 10"),
        kind=kind,
        cell=cell,
    )
