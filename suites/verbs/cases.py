"""The checks of this room: verbs that no operation lists, HEAD, OPTIONS, and the routes with a `.json` suffix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.access import Cell, Outcome
from coursegate.contracts.contract import Contract
from coursegate.contracts.world import GUEST
from coursegate.harness.checks import Check, samples

UNLISTED, HEAD, OPTIONS, SUFFIX = "unlisted", "head", "options", "suffix"
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ASKED_AS = (GUEST, "registered", "staff")
REFUSALS = frozenset({Outcome.LOCKED, Outcome.HIDDEN, Outcome.LOGIN, Outcome.DENIED, Outcome.FILTERED})


@dataclass(frozen=True)
class VerbCheck(Check):
    """A cell of the access table, asked with another verb or in another form; its principal is the check's own."""

    kind: str
    method: str
    cell: Cell


def checks(contract: Contract) -> list[VerbCheck]:
    return [*_unlisted(contract), *_head(contract), *_options(contract), *_suffix(contract)]


def _unlisted(contract: Contract) -> Iterator[VerbCheck]:
    listed: dict[str, set[str]] = {}
    for operation in contract.api.operations.values():
        listed.setdefault(operation.path, set()).add(operation.method)
    for path, cell in _paths(contract).items():
        for method in VERBS:
            for principal in ASKED_AS if method not in listed[path] else ():
                expected = "405 or 404" if principal == "staff" else "401, 403, 404 or 405"
                yield _check(UNLISTED, method, path, cell, principal, expected, ("policy 10",))


def _head(contract: Contract) -> Iterator[VerbCheck]:
    """One per outcome of each row that reads: what differs by outcome must differ alike."""
    seen: set[tuple[str, str]] = set()
    for cell in _reads(contract):
        if (cell.row, cell.expected) not in seen:
            seen.add((cell.row, cell.expected))
            yield _check(HEAD, "HEAD", cell.row, cell, cell.principal, "as GET", cell.sources)


def _options(contract: Contract) -> Iterator[VerbCheck]:
    """Every path, and every subject that is hidden from somebody."""
    for path, cell in _paths(contract).items():
        for principal in ASKED_AS:
            yield _check(OPTIONS, "OPTIONS", path, cell, principal, "nothing protected", ("SER-08",))
    for cell in _reads(contract):
        if cell.outcomes == {Outcome.HIDDEN} and cell.principal in {GUEST, "registered"}:
            expected = "as for an id that never existed"
            yield _check(OPTIONS, "OPTIONS", cell.row, cell, cell.principal, expected, cell.sources)


def _suffix(contract: Contract) -> Iterator[VerbCheck]:
    for cell in _reads(contract):
        if cell.outcomes <= REFUSALS and cell.principal in {GUEST, "registered"}:
            yield _check(
                SUFFIX, "GET", cell.row, cell, cell.principal, "404, or as without the suffix", cell.sources
            )


def _reads(contract: Contract) -> Iterator[Cell]:
    for cell in contract.access.cells.values():
        if contract.api.operations[cell.operation].is_safe and not cell.variant:
            yield cell


def _paths(contract: Contract) -> dict[str, Cell]:
    """Each path, and a cell that is asked there: for its subject."""
    found: dict[str, Cell] = {}
    for operation, cell in samples(contract).items():
        found.setdefault(contract.api.operations[operation].path, cell)
    return found


def _check(
    kind: str, method: str, what: str, cell: Cell, principal: str, expected: str, sources: tuple[str, ...]
) -> VerbCheck:
    return VerbCheck(
        id=f"verbs/{kind}/{method} {what}/{principal}",
        operation=cell.operation,
        principal=principal,
        subject=cell.subject,
        expected=expected,
        sources=sources,
        kind=kind,
        method=method,
        cell=cell,
    )
