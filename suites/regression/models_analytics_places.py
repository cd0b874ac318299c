"""`courses/models/analytics.py`: rows that have an order find their places below their parents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.suites.regression.finding import finding

TEXT = "words that are long enough for any minimum"
ZERO_IS_NONE = "a row whose place nobody has named is at 0 before it is saved: 0 stands for no place"


def _answer(on: Probe) -> Callable[[], Any]:
    question = on.model("courses.Question")(
        assessment=on.row("assessment-registered"), question_text=TEXT, order=230
    )
    question.save()
    return lambda: on.model("courses.Answer")(question=question, answer_text=TEXT)


def _question_maker(on: Probe) -> Callable[[], Any]:
    assessment = on.model("courses.Assessment")(lesson=on.row("lesson-guest"), title="A new test")
    assessment.save()
    return lambda: on.model("courses.Question")(assessment=assessment, question_text=TEXT)


def _module_maker(on: Probe) -> Callable[[], Any]:
    course = on.row("course-in-inactive-category")
    return lambda: on.model("courses.Module")(course=course, title="A module")


def _lesson_maker(on: Probe) -> Callable[[], Any]:
    module = _module_maker(on)()
    module.save()
    return lambda: on.model("courses.Lesson")(module=module, title="A lesson", content=TEXT)


def _resource_maker(on: Probe) -> Callable[[], Any]:
    lesson = _lesson_maker(on)()
    lesson.save()
    address = "https://files.example.test/one"
    return lambda: on.model("courses.Resource")(lesson=lesson, title="A link", type="link", url=address)


# Each begins with a parent that has no children yet.
MAKERS: dict[str, Callable[[Probe], Callable[[], Any]]] = {
    "answer": _answer,
    "question": _question_maker,
    "module": _module_maker,
    "lesson": _lesson_maker,
    "resource": _resource_maker,
}
EACH = {name: {"kind": name} for name in MAKERS}


@finding("MOD-05", writes=True, cases=EACH)
def rows_without_an_order_come_one_after_the_other(on: Probe, kind: str) -> None:
    """Rows that are saved without an order stand at 1, 2, 3 below their parent."""
    assert _places(MAKERS[kind](on), 4) == [1, 2, 3, 4]


def _places(new: Callable[[], Any], count: int) -> list[Any]:
    """Where so many rows stand, one after the other, that are saved without an order."""
    rows = [new() for _ in range(count)]
    for row in rows:
        row.save()
        row.refresh_from_db()
    return [row.order for row in rows]


@finding("MOD-05", writes=True, cases=EACH)
def a_row_after_a_gap_finds_a_place(on: Probe, kind: str) -> None:
    """Where a row of several has been deleted, the next one without an order stands where none of the others does."""
    new = MAKERS[kind](on)
    first, second, third, late = new(), new(), new(), new()
    for row in (first, second, third):
        row.save()
    on.rows(row._meta.label).filter(pk=first.pk).delete()

    late.save()

    late.refresh_from_db()
    assert late.order not in {None, second.order, third.order}


@finding("MOD-05", writes=True, cases=EACH)
def rows_find_their_places_around_those_that_are_given(on: Probe, kind: str) -> None:
    """Where rows were put at 5 and then at 2, those that follow without an order collide with neither."""
    new = MAKERS[kind](on)
    for place in (5, 2):
        placed = new()
        placed.order = place
        placed.save()

    places = _places(new, 4)

    assert len({5, 2, *places}) == 6, f"after 5 and 2 come {places}"


@finding("MOD-05", writes=True, cases={kind: {"kind": kind} for kind in ("lesson", "resource")})
def each_parent_counts_for_itself(on: Probe, kind: str) -> None:
    """The first row below a parent stands at 1, whatever stands below another one of the same course."""
    first, second = MAKERS[kind](on), MAKERS[kind](on)

    assert (_places(first, 2), _places(second, 2)) == ([1, 2], [1, 2])


@finding("MOD-05", writes=True, cases=EACH)
def a_given_order_is_kept(on: Probe, kind: str) -> None:
    """A row that is saved at a place of its own stands there, and the next one without a place at another one."""
    new = MAKERS[kind](on)
    placed, following = new(), new()
    placed.order = 7

    placed.save()
    following.save()

    placed.refresh_from_db()
    following.refresh_from_db()
    assert placed.order == 7
    assert following.order not in {None, 7}


@finding("MOD-05", writes=True, cases=EACH)
def a_taken_order_is_invalid(on: Probe, kind: str) -> None:
    """A row at a place that a sibling has is refused by its validation; at a free place it is not."""
    from django.core.exceptions import ValidationError

    new = MAKERS[kind](on)
    first, second = new(), new()
    first.order = second.order = 3
    first.save()
    refused = False

    try:
        second.full_clean()
    except ValidationError:
        refused = True
    second.order = 4
    second.full_clean()

    assert refused, f"two siblings stand at the same place below one parent: {kind}"


@finding("MOD-05", writes=True, cases=EACH)
def place_zero_is_a_place_or_refused(on: Probe, kind: str) -> None:
    """A row that is saved at place 0 stands there, unless it is refused: no other place is given to it."""
    from django.core.exceptions import ValidationError
    from django.db import DatabaseError, transaction

    new = MAKERS[kind](on)
    first, placed = new(), new()
    if placed.order == 0:
        raise NotApplicable(ZERO_IS_NONE)
    first.save()
    placed.order = 0

    try:
        with transaction.atomic():
            placed.save()
    except (ValidationError, DatabaseError):
        return  # places may begin with 1

    placed.refresh_from_db()
    assert placed.order == 0, f"saved at place 0, and stored at {placed.order}"


def _sent_at(on: Probe, operation: str, place: int) -> Answer:
    """
    Raises:
        NotApplicable: the backend has no such operation.
    """
    request = on.sample(operation)
    answer = on.target.send(replace(request, body={**request.body, "order": place}))
    check_routed(operation, answer)
    return answer


# As invalid, or because the place is taken.
REFUSED = frozenset({400, 409, 422})
CREATIONS = ("draft-lessons.create", "draft-content.create")


@finding("MOD-05", writes=True, cases={name: {"operation": name} for name in CREATIONS})
def a_lesson_that_is_sent_with_place_zero_stands_there_or_is_refused(on: Probe, operation: str) -> None:
    """A lesson that an instructor sends with place 0 stands there, unless it is refused as invalid."""
    if on.model("courses.Lesson")().order == 0:
        raise NotApplicable(ZERO_IS_NONE)

    answer = _sent_at(on, operation, 0)

    assert answer.status in {200, 201} | REFUSED, f"a lesson with place 0 is answered {answer.summary}"
    if answer.status not in REFUSED:
        stored = on.rows("courses.Lesson").get(pk=answer.json["id"]).order
        assert stored == 0, f"sent with place 0, and stored at {stored}"


PLACE = 40


@finding("MOD-05", writes=True)
def a_resource_that_is_sent_with_a_place_stands_there(on: Probe) -> None:
    """A resource that an instructor sends with a place of its own stands there, not behind its siblings."""
    answer = _sent_at(on, "resources.create", PLACE)

    assert answer.status in {200, 201}, f"a resource with a place is answered {answer.summary}"
    stored = on.rows("courses.Resource").get(pk=answer.json["id"]).order
    assert stored == PLACE, f"sent with place {PLACE}, and stored at {stored}"


MOVES = ("draft-lessons.partial_update", "draft-content.partial_update")


@finding("MOD-05", writes=True, cases={name: {"operation": name} for name in MOVES})
def a_lesson_put_in_the_place_of_another_breaks_nothing(on: Probe, operation: str) -> None:
    """A lesson that is given the place of another one of its module is refused as invalid, or both stand somewhere after it."""
    lesson = on.row("lesson-in-draft")
    other = on.model("courses.Lesson")(module=lesson.module, title="At its place", content=TEXT, order=700)
    other.save()

    answer = on.send(operation, "lesson-in-draft", by="owner", body={"order": 700})

    check_routed(operation, answer)
    assert answer.status in {200} | REFUSED, f"it is answered {answer.summary}"
    rows = on.rows("courses.Lesson").filter(pk__in=[lesson.pk, other.pk]).values_list("order", flat=True)
    assert len(set(rows)) == 2


@finding("MOD-05", writes=True, cases={name: {"operation": name} for name in MOVES})
def a_lesson_that_is_moved_finds_a_place_or_is_refused(on: Probe, operation: str) -> None:
    """A lesson that is moved to a module where its place is taken gets another one there, or is refused as invalid."""
    lesson = on.row("lesson-in-draft")
    module = on.model("courses.Module")(course=on.row("course-draft"), title="Another module", order=500)
    module.save()
    on.model("courses.Lesson")(module=module, title="At its place", content=TEXT, order=lesson.order).save()
    known = on.send(operation, "lesson-in-draft", by="owner", body={"title": "A lesson that moves"})
    check_routed(operation, known)
    if known.status != 200:
        raise CannotAsk(f"its title cannot be changed: {known.summary}")

    moved = on.send(
        operation, "lesson-in-draft", by="owner", body={"module_id": module.pk, "module": module.pk}
    )

    lesson.refresh_from_db()
    places = list(on.rows("courses.Lesson").filter(module=module).values_list("order", flat=True))
    assert moved.status == 200 or 400 <= moved.status < 500, (
        f"a lesson that moves is answered {moved.summary}"
    )
    assert len(set(places)) == len(places), f"two lessons of one module share a place: {places}"
    if moved.status == 200 and lesson.module_id != module.pk:
        raise NotApplicable("the operation moves no lesson to another module")
