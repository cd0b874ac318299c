"""The checks of this room: each operation that reads as each principal; what is hidden from somebody, in a path or named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursegate.contracts.access import ALLOWED, Cell, Outcome
from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check
from coursegate.suites.isolation.namings import NAMINGS, STRANGERS, Naming

# What a cell must allow for its answer to hold anything that could be influenced.
ANSWERED = ALLOWED | {Outcome.LOCKED}
# Who promises that worlds look the same.
SOURCES = ("policy 12",)
# Where a category is shown, and with it what it stands below.
SHOWS_PARENT = (
    "categories.list/categories",
    "categories.retrieve/category-open",
    "courses.retrieve/course-open",
)
# Where a course is shown with the version that it came of.
SHOWS_VERSION = ("courses.retrieve/course-open", "courses.versions/course-open")
# Where the questions of an assessment are shown, with their answers.
SHOWS_ANSWERS = "lessons.retrieve/lesson-registered"


@dataclass(frozen=True)
class IsolationCheck(Check):
    """Two worlds that must look the same; or two ids, where `cell` asks for the hidden one.

    Attributes:
        naming: where a parameter or the body of the cell names the two ids; None where its path does.
        below: what the worlds differ in, where that is what the cell's object stands below: "category", "version".
        of_solution: whether the worlds differ in which answer is correct.
    """

    cell: Cell | None = None
    naming: Naming | None = None
    below: str = ""
    of_solution: bool = False


def checks(contract: Contract) -> list[IsolationCheck]:
    return [
        *_worlds(contract),
        *_hidden_ids(contract),
        *_named(contract),
        *_parents(contract),
        *_solutions(contract),
    ]


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


def _named(contract: Contract) -> Iterator[IsolationCheck]:
    for naming in NAMINGS:
        for who in naming.by:
            cell = contract.access.cells[f"{naming.row}/{who}"]
            if not cell.allows:
                continue  # a team's decision: who may not write at all names nothing
            yield IsolationCheck(
                id=f"isolation/named/{naming.operation}/{naming.place}/{who}",
                operation=naming.operation,
                principal=who,
                subject=naming.hidden,
                expected=f"named by {naming.key}, as what never existed",
                sources=("policy 11", *SOURCES)
                if naming.hidden == "category-inactive"
                else ("policy 3", *SOURCES),
                cell=cell,
                naming=naming,
            )


def _parents(contract: Contract) -> Iterator[IsolationCheck]:
    for row in SHOWS_PARENT:
        for who in ("guest", "owner"):
            cell = contract.access.cells[f"{row}/{who}"]
            yield IsolationCheck(
                id=f"isolation/parent/{cell.operation}/{who}",
                operation=cell.operation,
                principal=who,
                subject="category-inactive",
                expected="a category below it as one below none",
                sources=("policy 11", *SOURCES),
                cell=cell,
                below="category",
            )
    for row in SHOWS_VERSION:
        for who in ("guest", "registered"):
            cell = contract.access.cells[f"{row}/{who}"]
            yield IsolationCheck(
                id=f"isolation/version/{cell.operation}/{who}",
                operation=cell.operation,
                principal=who,
                subject="course-peer-draft",
                expected="a version that came of it as one that came of none",
                sources=("policy 3", *SOURCES),
                cell=cell,
                below="version",
            )


def _solutions(contract: Contract) -> Iterator[IsolationCheck]:
    for who in ("registered", "premium"):
        cell = contract.access.cells[f"{SHOWS_ANSWERS}/{who}"]
        yield IsolationCheck(
            id=f"isolation/solution/{cell.operation}/{who}",
            operation=cell.operation,
            principal=who,
            subject=cell.subject,
            expected="the same, whichever answer is correct",
            sources=("policy 5", *SOURCES),
            cell=cell,
            of_solution=True,
        )


def _rank(cell: Cell) -> int:
    return STRANGERS.index(cell.principal) if cell.principal in STRANGERS else len(STRANGERS)
