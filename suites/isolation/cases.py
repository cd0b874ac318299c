"""The checks of this room: each operation that reads as each principal, and each id that is hidden from somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.access import ALLOWED, Cell, Outcome
from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check

# What a cell must allow for its answer to hold anything that could be influenced.
ANSWERED = ALLOWED | {Outcome.LOCKED}
# Who promises that worlds look the same.
SOURCES = ("policy 12",)
# Of those from whom an id is hidden, who asks for it: one without rights of any kind, else one who teaches elsewhere.
STRANGERS = ("registered", "peer", "guest")


@dataclass(frozen=True)
class IsolationCheck(Check):
    """Two worlds that must look the same; or two ids, where `cell` asks for the hidden one."""

    cell: Cell | None = None


def checks(contract: Contract) -> list[IsolationCheck]:
    return [*_worlds(contract), *_hidden_ids(contract)]


def _worlds(contract: Contract) -> Iterator[IsolationCheck]:
    """Ordered by principal, who is asked about everything in one go."""
    for principal in contract.world.principals:
        seen: set[str] = set()
        for cell in contract.access.cells.values():
            if cell.operation not in seen and is_read(cell, contract, principal):
                seen.add(cell.operation)
                yield IsolationCheck(
                    id=f"isolation/worlds/{cell.operation}/{principal}",
                    operation=cell.operation,
                    principal=principal,
                    subject=contract.api.operations[cell.operation].collection,
                    expected="the same, whatever is done to what the caller may not see",
                    sources=SOURCES,
                )


def is_read(cell: Cell, contract: Contract, principal: str) -> bool:
    """Whether a cell reads something as that principal, who is answered."""
    return (
        cell.principal == principal
        and contract.api.operations[cell.operation].is_safe
        and not cell.variant
        and bool(cell.outcomes & ANSWERED)
    )


def _hidden_ids(contract: Contract) -> Iterator[IsolationCheck]:
    """Each path with each subject that is hidden there, as one of those it is hidden from."""
    found: dict[tuple[str, str], Cell] = {}
    for cell in contract.access.cells.values():
        operation = contract.api.operations[cell.operation]
        if cell.outcomes != {Outcome.HIDDEN} or not operation.lookup or cell.variant:
            continue
        place = operation.path, cell.subject
        if place not in found or _rank(cell) < _rank(found[place]):
            found[place] = cell
    for cell in found.values():
        yield IsolationCheck(
            id=f"isolation/hidden-id/{cell.operation}/{cell.subject}/{cell.principal}",
            operation=cell.operation,
            principal=cell.principal,
            subject=cell.subject,
            expected="with every verb as for an id that never existed",
            sources=cell.sources,
            cell=cell,
        )


def _rank(cell: Cell) -> int:
    return STRANGERS.index(cell.principal) if cell.principal in STRANGERS else len(STRANGERS)
