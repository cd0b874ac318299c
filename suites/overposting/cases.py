"""The checks of this room: each operation that writes, asked by the least of those it lets in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import GONE
from coursegate.harness.checks import Check

# Who may do most comes last: what staff may set, others may not.
LEAST_FIRST = ("registered", "premium", "lapsed", "former", "peer", "owner", "assistant", "staff", "guest")


@dataclass(frozen=True)
class OverpostCheck(Check):
    """An allowed cell whose body is sent with more than it may hold."""

    cell: Cell


def checks(contract: Contract) -> list[OverpostCheck]:
    return [
        OverpostCheck(
            id=f"overposting/{'creates' if contract.api.operations[cell.operation].creates else 'changes'}/{cell.id}",
            operation=cell.operation,
            principal=cell.principal,
            subject=cell.subject,
            expected="what may be set, and nothing else",
            sources=("policy 2", *(source for source in cell.sources if source != "policy 2")),
            cell=cell,
        )
        for cell in _writes(contract)
    ]


def _writes(contract: Contract) -> Iterator[Cell]:
    """One cell per operation that makes or changes a row, and lets somebody do so for certain."""
    for operation in contract.api.operations.values():
        if operation.is_safe or operation.effect == GONE or not (operation.model or operation.creates):
            continue
        cells = [
            cell
            for cell in contract.access.cells.values()
            if cell.operation == operation.id and cell.certain and not cell.variant
        ]
        if cells:
            yield min(cells, key=lambda cell: LEAST_FIRST.index(cell.principal))
