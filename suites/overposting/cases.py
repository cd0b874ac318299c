"""The checks of this room: each operation that writes, asked by the least of those it lets in; and by those whom it could
raise, move into what is not theirs, or let write several rows at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from coursegate.contracts.access import SELF, Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import GONE, Operation
from coursegate.contracts.world import GUEST, USER
from coursegate.harness.checks import Check

# Who may do most comes last: what staff may set, others may not.
LEAST_FIRST = ("registered", "premium", "lapsed", "former", "peer", "owner", "assistant", "staff", "guest")
# Who pays for nothing: never, and no longer.
UNPAID = ("registered", "lapsed")
# Where a body could name what its caller has paid for, or may do.
RAISING = (
    "register.create",
    "profile.partial_update",
    "profile.update",
    "subscription.create",
    "subscription.partial_update",
    "subscription.update",
)
# Model -> the column that names what its rows hang below, and parents that are not the caller's to choose: somebody
# else's, one that is hidden, one that is closed.
PARENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "courses.Module": ("course", ("course-peer", "course-peer-draft")),
    "courses.Lesson": ("module", ("module-of-peer", "module-of-peer-draft")),
    "courses.Note": ("lesson", ("lesson-premium", "lesson-in-draft")),
    "courses.Progress": ("lesson", ("lesson-premium", "lesson-in-draft")),
    "courses.Review": ("course", ("course-in-inactive-category", "course-draft")),
}
# Model -> rows that are not the caller's to write beside their own: somebody else's, and one that is hidden.
FOREIGN: Mapping[str, tuple[str, ...]] = {"courses.Lesson": ("lesson-of-peer", "lesson-in-peer-draft")}


@dataclass(frozen=True)
class OverpostCheck(Check):
    """An allowed cell whose body is sent with more than it may hold."""

    cell: Cell


@dataclass(frozen=True)
class RaiseCheck(OverpostCheck):
    """The body names a tier, an end, a role; what is closed to the caller is asked for afterwards."""


@dataclass(frozen=True)
class MoveCheck(OverpostCheck):
    """The body names another parent of the row.

    Attributes:
        column: what names the parent.
        into: the parents it names, one after the other.
    """

    column: str
    into: tuple[str, ...]


@dataclass(frozen=True)
class MixCheck(OverpostCheck):
    """The body names the caller's own row and another.

    Attributes:
        foreign: the others, one after the other.
    """

    foreign: tuple[str, ...]


def checks(contract: Contract) -> list[OverpostCheck]:
    return [*_surplus(contract), *_raises(contract), *_moves(contract), *_mixes(contract)]


def _surplus(contract: Contract) -> Iterator[OverpostCheck]:
    for cell in _writes(contract):
        place = "creates" if contract.api.operations[cell.operation].creates else "changes"
        yield OverpostCheck(*_said(place, cell, "what may be set, and nothing else"), cell=cell)


def _raises(contract: Contract) -> Iterator[RaiseCheck]:
    for name in RAISING:
        operation = contract.api.operations[name]
        for who in (GUEST,) if operation.creates == USER else UNPAID:
            cell = _own(operation, who, contract)
            yield RaiseCheck(
                *_said("raises", cell, "what costs money stays closed", "policy 1"),
                cell=cell,
            )


def _own(operation: Operation, who: str, contract: Contract) -> Cell:
    """The cell of somebody's own row; where the table asks only about that of another, the same about theirs."""
    cells = [
        cell for cell in contract.access.cells.values() if cell.operation == operation.id and not cell.variant
    ]
    for cell in cells:
        if cell.principal == who and (cell.subject == SELF or operation.creates):
            return cell
    subject = f"{who}-subscription"
    return replace(cells[0], id=f"{operation.id}/{subject}/{who}", subject=subject, principal=who, twin="")


def _moves(contract: Contract) -> Iterator[MoveCheck]:
    for cell in _writes(contract):
        operation = contract.api.operations[cell.operation]
        if operation.method in {"PATCH", "PUT"} and not operation.effect and operation.model in PARENTS:
            column, into = PARENTS[operation.model]
            yield MoveCheck(
                *_said("moves", cell, "the row stays where it is, or moves into what is the caller's"),
                cell=cell,
                column=column,
                into=into,
            )


def _mixes(contract: Contract) -> Iterator[MixCheck]:
    for cell in contract.access.cells.values():
        operation = contract.api.operations[cell.operation]
        body = next(iter(operation.bodies.values()), {})
        if body.get("items") and cell.certain and cell.principal == "owner" and not cell.variant:
            yield MixCheck(
                *_said(
                    "mixes", cell, "all or none: a row of somebody else's is refused, and nothing written"
                ),
                cell=cell,
                foreign=FOREIGN[operation.model],
            )


def _said(
    place: str, cell: Cell, expected: str, *also: str
) -> tuple[str, str, str, str, str, tuple[str, ...]]:
    """What stands in every check: its id, what it is about, what is expected, and who promises it."""
    sources = tuple(dict.fromkeys(("policy 2", *also, *cell.sources)))
    return f"overposting/{place}/{cell.id}", cell.operation, cell.principal, cell.subject, expected, sources


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
