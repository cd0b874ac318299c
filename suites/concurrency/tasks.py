"""Import and export: one at a time for each course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, succeeded
from coursegate.suites.concurrency.race import Proof, Scene, race

BUSY = frozenset({409, 423})


@race("SEC-04", watched=["courses.Module"], operation="tasks.import_export", proofs=[Proof.EVERY_ORDER])
def exporting_twice(arena: Arena) -> Scene:
    """While a course is exported a second export of it is refused as busy; another course's is not, nor one afterwards."""
    export = _export(arena, "course-open")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if [getattr(answer, "status", 0) in BUSY for answer in given] != [False, True]:
            yield f"one is let in and the other refused as busy, not {answered(given)}"
        if succeeded([afterwards := export()]) != 1:
            yield f"afterwards the course is still held: {answered([afterwards])}"

    return Scene([export, export], verify, standing=True)


@race("SEC-04", watched=["courses.Module"], operation="tasks.import_export", proofs=[Proof.EVERY_ORDER])
def exporting_side_by_side(arena: Arena) -> Scene:
    """Exports of different courses do not keep each other waiting."""

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if succeeded(given) != len(given):
            yield f"both are promised, not {answered(given)}"

    return Scene([_export(arena, "course-open"), _export(arena, "course-draft")], verify)


def _export(arena: Arena, course: str) -> Any:
    body = {"action": "export", "course": arena.bound.world.lookups[course]["slug"]}
    return arena.request("tasks.import_export", by="owner", body=body)
