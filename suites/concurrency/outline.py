"""Modules, lessons and what is below them: places among siblings, drawn at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, fresh_course
from coursegate.suites.concurrency.race import Scene, race

CROWD = 5
PLACES = {
    "module": {"model": "courses.Module", "parent": "course"},
    "lesson": {"model": "courses.Lesson", "parent": "module"},
    "resource": {"model": "courses.Resource", "parent": "lesson"},
    "question": {"model": "courses.Question", "parent": "assessment"},
    "answer": {"model": "courses.Answer", "parent": "question"},
}
PARENTS = ("courses.Course", "courses.Module", "courses.Lesson", "courses.Assessment", "courses.Question")


@race("MOD-05", watched=[*PARENTS, "courses.Resource", "courses.Answer"], cases=PLACES)
def drawing_places(arena: Arena, model: str, parent: str) -> Scene:
    """Rows that are made at once below one parent, without an order, stand at 1, 2, 3 and so on."""
    above = _parent(arena, parent)
    rows = [arena.unsaved(model, **{parent: above}) for _ in range(CROWD)]

    def verify(given: Sequence[Any]) -> Iterator[str]:
        orders = list(arena.rows(model).filter(**{parent: above}).values_list("order", flat=True))
        if sorted(orders) != list(range(1, len(orders) + 1)) or len(orders) != len(given):
            failed = answered(answer for answer in given if answer is not None)
            yield f"the orders are {sorted(orders)}" + (f"; {failed}" if failed else "")

    # Two are run in every order, all of them at once.
    return Scene([row.save for row in rows], verify)


def _parent(arena: Arena, name: str) -> Any:
    """A fresh parent that has no child of the kind yet."""
    course, lessons = fresh_course(arena, lessons=1)
    if name == "course":
        return arena.new(
            "courses.Course", title="A course without modules", category=arena.row("category-open")
        )
    if name == "module":
        return arena.new("courses.Module", course=course, order=9)
    if name == "lesson":
        return lessons[0]
    assessment = arena.new("courses.Assessment", lesson=lessons[0])
    return (
        assessment if name == "assessment" else arena.new("courses.Question", assessment=assessment, order=1)
    )
