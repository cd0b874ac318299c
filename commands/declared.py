"""Every check that a run of everything makes, by its id, with what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coursegate.contracts.contract import Contract
from coursegate.harness.inventory import Route
from coursegate.suites.rooms import checks_by_room


@dataclass(frozen=True)
class Declared:
    """A check before it is asked.

    Attributes:
        area: the operation it is about; for a check about none, the promise it cites first.
        sources: the findings and policies that promise what it asks for; none for the lines of the inventory.
    """

    area: str
    sources: tuple[str, ...]


def declared_checks(contract: Contract) -> Mapping[str, Declared]:
    """The checks in the order of the report; routes that the contract does not describe are no part of it."""
    found = {
        f"access/{cell.id}": Declared(cell.operation, cell.sources) for cell in contract.access.cells.values()
    }
    for operation in contract.api.operations.values():
        found[Route(operation.method, operation.path).id] = Declared(operation.id, ())
    for checks in checks_by_room(contract).values():
        for check in checks:
            found[check.id] = Declared(area_of(check.operation, check.sources), tuple(check.sources))
    return found


def area_of(operation: str, sources: tuple[str, ...] | list[str]) -> str:
    """What a check is about, as headers of defects name it."""
    return operation or (sources[0] if sources else "")


def allowed_by(contract: Contract) -> Mapping[str, frozenset[str]]:
    """Every check, with the outcomes that it allows where it is a cell of the access table; none where it is not."""
    cells = {
        f"access/{cell.id}": frozenset(map(str, cell.outcomes)) for cell in contract.access.cells.values()
    }
    return {name: cells.get(name, frozenset()) for name in declared_checks(contract)}
