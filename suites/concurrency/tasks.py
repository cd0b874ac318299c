"""Import and export: one at a time for each course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, succeeded
from coursegate.suites.concurrency.race import Proof, Scene, race

BUSY = frozenset({409, 423})
REFUSED = frozenset({400, 422})
IMPORTING = {
    "import-import": {"first": "import", "second": "import"},
    "import-export": {"first": "import", "second": "export"},
    "export-import": {"first": "export", "second": "import"},
}


@race("SEC-04", watched=["courses.Module"], operation="tasks.import_export", proofs=[Proof.EVERY_ORDER])
def exporting_twice(arena: Arena) -> Scene:
    """While a course is exported a second export of it is refused as busy; another course's is not, nor one afterwards."""
    _check_taken(arena, "export")
    return _one_after_the_other(arena, "export", "export")


@race(
    "SEC-04",
    watched=["courses.Module"],
    operation="tasks.import_export",
    proofs=[Proof.EVERY_ORDER],
    cases=IMPORTING,
)
def importing_beside_it(arena: Arena, first: str, second: str) -> Scene:
    """While a course is imported, or exported, no import of it is let in, and beside an import no export either."""
    _check_taken(arena, "import")
    return _one_after_the_other(arena, first, second)


@race("SEC-04", watched=["courses.Module"], operation="tasks.import_export", proofs=[Proof.EVERY_KEY])
def exporting_at_the_same_time(arena: Arena) -> Scene:
    """Of two exports of one course that begin together one is let in, wherever the other one stands when it begins."""
    _check_taken(arena, "export")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if succeeded(given) != 1:
            yield f"one is let in and the other refused as busy, not {answered(given)}"

    return Scene([_task(arena, "export", "course-open")] * 2, verify)


@race("SEC-04", watched=["courses.Module"], operation="tasks.import_export", proofs=[Proof.EXPIRED])
def exporting_after_a_lock_has_expired(arena: Arena) -> Scene:
    """Who is let in when a lock has expired has one of their own, which does not end with the work that had the old one."""
    _check_taken(arena, "export")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        _, second, third = given
        if succeeded([second]) != 1 or getattr(third, "status", 0) not in BUSY:
            yield f"the second one is let in and the third refused as busy, not {answered([second, third])}"

    return Scene([_task(arena, "export", "course-open")] * 3, verify)


def _check_taken(arena: Arena, action: str) -> None:
    if (answer := _task(arena, action, "course-draft")()).status in REFUSED:
        raise NotApplicable(f"the backend takes no {action} in the form of the contract: {answer.summary}")


def _one_after_the_other(arena: Arena, first: str, second: str) -> Scene:
    start, start_beside = _task(arena, first, "course-open"), _task(arena, second, "course-open")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if [getattr(answer, "status", 0) in BUSY for answer in given] != [False, True]:
            yield f"one is let in and the other refused as busy, not {answered(given)}"
        if succeeded([afterwards := start_beside()]) != 1:
            yield f"afterwards the course is still held: {answered([afterwards])}"

    return Scene([start, start_beside], verify, standing=True)


@race("SEC-04", watched=["courses.Module"], operation="tasks.import_export", proofs=[Proof.EVERY_ORDER])
def exporting_side_by_side(arena: Arena) -> Scene:
    """Exports of different courses do not keep each other waiting."""
    _check_taken(arena, "export")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if succeeded(given) != len(given):
            yield f"both are promised, not {answered(given)}"

    return Scene([_task(arena, "export", "course-open"), _task(arena, "export", "course-draft")], verify)


def _task(arena: Arena, action: str, course: str) -> Any:
    """An export or an import of a course, as the contract gives an example of it."""
    example = arena.bound.contract.api.operations["tasks.import_export"].bodies[action]
    body = {**example, "course": arena.bound.world.lookups[course]["slug"]}
    return arena.request("tasks.import_export", by="owner", body=body)
