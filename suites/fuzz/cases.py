"""The checks of this room: each operation under odd requests, and whatever can be made through the API, made and ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.access import Cell, Outcome
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.harness.checks import Check

REQUESTS, SEQUENCES = "requests", "sequences"


@dataclass(frozen=True)
class FuzzCheck(Check):
    """`kind` is REQUESTS or SEQUENCES."""

    kind: str


def checks(contract: Contract) -> list[FuzzCheck]:
    return [*_requests(contract), *_sequences(contract)]


def _requests(contract: Contract) -> Iterator[FuzzCheck]:
    for operation in contract.api.operations.values():
        expected = "no crash, no leak, nothing undeclared, as whomever it is asked"
        yield _check(operation, REQUESTS, expected)


def _sequences(contract: Contract) -> Iterator[FuzzCheck]:
    for operation in contract.api.operations.values():
        if operation.creates and single(operation, contract) and maker(operation.id, contract):
            yield _check(operation, SEQUENCES, "what is made is there, and gone once it is deleted")


def maker(operation: str, contract: Contract) -> Cell | None:
    """The cell by which one is made for certain, if there is any."""
    return next(
        (
            cell
            for cell in contract.access.cells.values()
            if cell.operation == operation and cell.outcomes == {Outcome.CREATED} and not cell.variant
        ),
        None,
    )


def single(operation: Operation, contract: Contract) -> dict[str, Operation]:
    """Method -> the operation on one of the rows that this one makes; empty where a path names none of them."""
    found = {
        other.method: other
        for other in contract.api.operations.values()
        if other.lookup and other.path == f"{operation.path}{{{other.lookup}}}/"
    }
    reading = found.get("GET")
    named = reading is not None and (reading.attribute == "pk" or reading.attribute in reading.answer_fields)
    return found if named else {}


def _check(operation: Operation, kind: str, expected: str) -> FuzzCheck:
    return FuzzCheck(
        id=f"fuzz/{kind}/{operation.id}",
        operation=operation.id,
        principal="",
        subject=f"{operation.method} {operation.path}",
        expected=expected,
        sources=("policy 10", "policy 12"),
        kind=kind,
    )
