"""Drafts: two who edit one row, and who move lessons while others stand in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, succeeded
from coursegate.suites.concurrency.race import Action, Scene, race

LESSON = "courses.Lesson"
DRAFT = "lesson-in-draft"
TITLE, MINUTES = "Renamed meanwhile", 47
# Nobody of the world stands there.
FREE_PLACE = 77


@race("policy 14", watched=[LESSON], operation="draft-lessons.partial_update")
def editing_two_columns(arena: Arena) -> Scene:
    """Two edits of different columns of one draft both stand, or one of them is refused."""
    return _edited(
        arena,
        arena.request("draft-lessons.partial_update", DRAFT, by="owner", body={"title": TITLE}),
        arena.request("draft-lessons.partial_update", DRAFT, by="staff", body={"duration_minutes": MINUTES}),
    )


@race("policy 14", watched=[LESSON], operation="draft-content.bulk_update")
def editing_in_bulk_and_alone(arena: Arena) -> Scene:
    """A change of many lessons and an edit of one of them both stand, or one of them is refused."""
    items = [{"id": arena.row(DRAFT).pk, "title": TITLE}]
    return _edited(
        arena,
        arena.request("draft-content.bulk_update", by="owner", body={"items": items}),
        arena.request("draft-content.partial_update", DRAFT, by="staff", body={"duration_minutes": MINUTES}),
    )


@race("MOD-05", "policy 14", watched=[LESSON, "courses.Module"], operation="draft-lessons.partial_update")
def moving_two_to_one_place(arena: Arena) -> Scene:
    """Of two lessons that are moved to one place at once one gets it, and the other is refused."""
    lesson = arena.row(DRAFT)
    other = arena.new(LESSON, module=lesson.module, order=9)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if succeeded(given) != 1:
            yield f"one move is promised and else a refusal, not {answered(given)}"
        yield from _shared_places(arena, lesson.module)

    def move(key: str) -> Action:
        return arena.request("draft-lessons.partial_update", key, by="owner", body={"order": FREE_PLACE})

    return Scene([move(DRAFT), move(str(other.pk))], verify)


@race("MOD-05", "policy 14", watched=[LESSON, "courses.Module"], operation="draft-content.reorder")
def reordering_while_one_is_added(arena: Arena) -> Scene:
    """A lesson that is added while others are put in order gets a place of its own."""
    lesson = arena.row(DRAFT)
    siblings = arena.rows(LESSON).filter(module=lesson.module)
    # The place that the new one would be given next.
    wanted = max(siblings.values_list("order", flat=True)) + 1
    before = siblings.count()
    body = {"items": [{"id": lesson.pk, "order": wanted}]}

    def verify(given: Sequence[Any]) -> Iterator[str]:
        if siblings.count() != before + 1:
            yield f"the new lesson is not there: {answered(given)}"
        yield from _shared_places(arena, lesson.module)

    reorder = arena.request("draft-content.reorder", by="owner", body=body)
    return Scene([reorder, arena.unsaved(LESSON, module=lesson.module).save], verify)


def _edited(arena: Arena, title: Action, minutes: Action) -> Scene:
    """Two edits of one lesson: one of its title, one of its minutes."""
    lesson = arena.row(DRAFT)
    wanted: Mapping[str, Any] = {"title": TITLE, "duration_minutes": MINUTES}

    def verify(given: Sequence[Any]) -> Iterator[str]:
        stored = arena.rows(LESSON).filter(pk=lesson.pk).values(*wanted).get()
        for answer, (column, value) in zip(given, wanted.items(), strict=True):
            if succeeded([answer]) and stored[column] != value:
                yield f"{column} is {stored[column]!r} and not {value!r}: {answered(given)}"
        if not succeeded(given):
            yield f"neither was let in: {answered(given)}"

    return Scene([title, minutes], verify)


def _shared_places(arena: Arena, module: Any) -> Iterator[str]:
    orders = sorted(arena.rows(LESSON).filter(module=module).values_list("order", flat=True))
    if len(set(orders)) < len(orders):
        yield f"the orders are {orders}"
