"""`courses/models/analytics.py`: questions know their answers by two names."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import chain
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.prose import documents_of, remarks_of
from coursegate.suites.regression.finding import finding

BOTH = {name: {"name": name} for name in ("answers", "answers_question")}
TEXT = "words that are long enough for any minimum"


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
