"""`courses/models/analytics.py`: questions know their answers by two names, and ordered rows find their places."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from itertools import chain
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.forgery import ABSENT
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.prose import documents_of, remarks_of
from coursegate.suites.regression.finding import finding

BOTH = {name: {"name": name} for name in ("answers", "answers_question")}
TEXT = "words that are long enough for any minimum"
ZERO_IS_NONE = "a row whose place nobody has named is at 0 before it is saved: 0 stands for no place"


def _question(on: Probe, order: int) -> Any:
    question = on.model("courses.Question")(
        assessment=on.row("assessment-registered"), question_text=TEXT, order=order
    )
    question.save()
    return question


@finding("MOD-01", writes=True, cases=BOTH)
def both_names_lead_to_the_answers(on: Probe, name: str) -> None:
    """A question gives its answers under the present and under the former name: a manager that reads and creates."""
    question = _question(on, 200)
    accessor = getattr(question, name, None)
    assert accessor is not None, f"a question has no {name}"

    made = [accessor.create(answer_text=f"answer {order}", order=order) for order in (2, 1)]

    assert accessor.count() == len(made)
    assert {answer.pk for answer in accessor.all()} == {answer.pk for answer in made}
    assert [answer.order for answer in accessor.order_by("order")] == [1, 2]
    for other in BOTH:
        assert {answer.pk for answer in getattr(question, other).all()} == {answer.pk for answer in made}


@finding("MOD-01", writes=True, cases=BOTH)
def answers_are_loaded_ahead_by_either_name(on: Probe, name: str) -> None:
    """Answers can be loaded with their questions under either name, at the same cost however many there are."""
    costs = []
    for count, first in ((2, 210), (6, 220)):
        keys = []
        for number in range(count):
            question = _question(on, first + number)
            keys.append(question.pk)
            on.model("courses.Answer")(question=question, answer_text=TEXT, order=1).save()
        rows = on.rows("courses.Question").filter(pk__in=keys).prefetch_related(name)
        with on.queries() as queries:
            shown = [len(getattr(question, name).all()) for question in rows]
        assert shown == [1] * count
        costs.append(len(queries))

    assert costs[0] == costs[1], f"two questions cost {costs[0]} queries, six cost {costs[1]}"


@finding("MOD-01")
def the_rename_is_documented(on: Probe) -> None:
    """Where lookups no longer know `answers_question`, some document or remark in the code names both spellings."""
    name = on.model("courses.Answer")._meta.get_field("question").related_query_name()
    if name == "answers_question":
        raise NotApplicable("the relation is called answers_question as before: nothing was renamed")
    root = on.checkout.path
    remarks = (
        remark
        for file in on.files("courses")
        for remark in remarks_of(on.tree(file), (root / file).read_text(encoding="utf-8", errors="replace"))
    )

    told = any(
        all(re.search(rf"\b{name}\b", text) for name in BOTH) for text in chain(documents_of(root), remarks)
    )

    assert told, f"no document and no remark names both of {' and '.join(BOTH)}"


@finding("MOD-01")
def the_rename_leaves_the_table_alone(on: Probe) -> None:
    """Whatever the relation is called, the answer keeps its table and the column that names its question."""
    answer = on.model("courses.Answer")

    assert answer._meta.db_table == "courses_answer"
    assert answer._meta.get_field("question").column == "question_id"
    assert answer._meta.get_field("question").remote_field.model is on.model("courses.Question")


@finding("MOD-01")
def the_rename_is_in_the_migrations(on: Probe) -> None:
    """The migrations know the relation by the name that the model gives it: nothing is left to be migrated."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    # The team's own settings, which the gate's replace.
    own = getattr(import_module(on.checkout.settings), "MIGRATION_MODULES", {})
    with on.settings(MIGRATION_MODULES=own):
        loader = MigrationLoader(None, ignore_no_migrations=True)
    if not any(app == "courses" for app, _ in loader.disk_migrations):
        raise NotApplicable("the courses app has no migrations in this checkout")
    wanted = ProjectState.from_apps(apps)
    changes = MigrationAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)

    left = [
        operation.describe()
        for migration in changes.get("courses", [])
        for operation in migration.operations
        if {"answer", "question"}
        & {getattr(operation, part, "").lower() for part in ("model_name", "name", "old_name")}
    ]

    assert left == []


def _answer(on: Probe) -> Callable[[], Any]:
    question = _question(on, 230)
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
    new = MAKERS[kind](on)
    orders = []
    for _ in range(4):
        row = new()
        row.save()
        row.refresh_from_db()
        orders.append(row.order)

    assert orders == [1, 2, 3, 4]


@finding("MOD-05", writes=True, cases=EACH)
def a_row_after_a_gap_finds_a_place(on: Probe, kind: str) -> None:
    """Where a row of several has been deleted, the next one without an order stands behind those that are left."""
    new = MAKERS[kind](on)
    first, second, third, late = new(), new(), new(), new()
    for row in (first, second, third):
        row.save()
    on.rows(row._meta.label).filter(pk=first.pk).delete()

    late.save()

    late.refresh_from_db()
    assert late.order > third.order, f"one more is put at {late.order}, where {third.order} is the last place"


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


CREATIONS = ("draft-lessons.create", "draft-content.create")


@finding("MOD-05", writes=True, cases={name: {"operation": name} for name in CREATIONS})
def a_lesson_that_is_sent_with_place_zero_stands_there_or_is_refused(on: Probe, operation: str) -> None:
    """A lesson that an instructor sends with place 0 stands there, unless it is refused as invalid."""
    request = on.sample(operation)
    if on.model("courses.Lesson")().order == 0:
        raise NotApplicable(ZERO_IS_NONE)

    answer = on.target.send(replace(request, body={**request.body, "order": 0}))

    if answer.status in ABSENT:
        raise NotApplicable("the backend has no such operation")
    assert answer.status in {200, 201, 400}, f"a lesson with place 0 is answered {answer.summary}"
    if answer.status != 400:
        stored = on.rows("courses.Lesson").get(pk=answer.json["id"]).order
        assert stored == 0, f"sent with place 0, and stored at {stored}"


MOVES = ("draft-lessons.partial_update", "draft-content.partial_update")


@finding("MOD-05", writes=True, cases={name: {"operation": name} for name in MOVES})
def a_lesson_that_is_moved_finds_a_place_or_is_refused(on: Probe, operation: str) -> None:
    """A lesson that is moved to a module where its place is taken gets another one there, or is refused as invalid."""
    lesson = on.row("lesson-in-draft")
    module = on.model("courses.Module")(course=on.row("course-draft"), title="Another module", order=500)
    module.save()
    on.model("courses.Lesson")(module=module, title="At its place", content=TEXT, order=lesson.order).save()
    known = on.send(operation, "lesson-in-draft", by="owner", body={"title": "A lesson that moves"})
    if known.status in ABSENT:
        raise NotApplicable("the backend has no such operation")
    if known.status != 200:
        raise CannotAsk(f"its title cannot be changed: {known.summary}")

    moved = on.send(operation, "lesson-in-draft", by="owner", body={"module_id": module.pk})

    lesson.refresh_from_db()
    places = list(on.rows("courses.Lesson").filter(module=module).values_list("order", flat=True))
    assert moved.status == 200 or 400 <= moved.status < 500, (
        f"a lesson that moves is answered {moved.summary}"
    )
    assert len(set(places)) == len(places), f"two lessons of one module share a place: {places}"
    if moved.status == 200 and lesson.module_id != module.pk:
        raise NotApplicable("the operation moves no lesson to another module")
