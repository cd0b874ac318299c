"""`courses/views/instructor.py`: what instructors write is written as a whole, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.breaking import failing_statement
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.targets.renamed_models import label_of
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.I)
# A body that this backend reads otherwise; what it makes of its own, the table asks.
REFUSED = frozenset({400, 409, 422})
ORDERS, TITLE = (81, 82), "A title that is written in bulk"
# What a course is made of. What a backend notes beside it, a statistic or an activity, is not.
CONTENT = {
    *(f"courses.{name}" for name in ("Course", "Module", "Lesson", "Resource")),
    *(f"courses.{name}" for name in ("Assessment", "Question", "Answer")),
    "instructor_portal.CourseInstructor",
}


def _publish(on: Probe) -> Answer:
    return on.send("courses.publish", "course-draft", by="owner", body={})


def _unpublish(on: Probe) -> Answer:
    return on.send("courses.unpublish", "course-open", by="owner", body={})


def _clone(on: Probe) -> Answer:
    return on.send("courses.clone", "course-open", by="owner", body={"title": "A second edition"})


def _switch(on: Probe, course: str, publish: bool) -> Answer:
    return on.send("course-publishing.update", course, by="owner", body={"publish": publish})


def _publish_by_view(on: Probe) -> Answer:
    return _switch(on, "course-draft", True)


def _unpublish_by_view(on: Probe) -> Answer:
    return _switch(on, "course-open", False)


def _clone_by_view(on: Probe) -> Answer:
    return on.send("course-clone.create", "course-open", by="owner", body={"title": "A second edition"})


def _lessons(on: Probe) -> list[Any]:
    return [on.key("lesson-guest"), on.key("lesson-registered")]


def _reorder(on: Probe) -> Answer:
    items = [{"id": key, "order": order} for key, order in zip(_lessons(on), ORDERS, strict=True)]
    return on.send("draft-content.reorder", by="owner", body={"items": items})


def _bulk_update(on: Probe, *, in_places: bool = False) -> Answer:
    items = [
        {"id": key, "title": f"{TITLE} {order}", **({"order": order} if in_places else {})}
        for key, order in zip(_lessons(on), ORDERS, strict=True)
    ]
    return on.send("draft-content.bulk_update", by="owner", body={"items": items})


ASKED: dict[str, Callable[[Probe], Answer]] = {
    "publish": _publish,
    "unpublish": _unpublish,
    "clone": _clone,
    "reorder": _reorder,
    "bulk-update": _bulk_update,
    "bulk-update-in-places": partial(_bulk_update, in_places=True),
    "publish-by-view": _publish_by_view,
    "unpublish-by-view": _unpublish_by_view,
    "clone-by-view": _clone_by_view,
}
OPTIONAL = frozenset(ASKED) - {"publish", "unpublish", "clone"}


def _failing_at(number: int) -> AbstractContextManager[list[str]]:
    """The database refuses the statement of that number that writes; with 0, none. Yields those that were sent."""
    from django.db import OperationalError

    problem = OperationalError("the database went away in the middle")
    return failing_statement(number, lambda sql: bool(WRITES.match(sql)), problem)


@finding("GUARD-04", "VIEW-12", writes=True, kind=Kind.EFFECT, cases={name: {"name": name} for name in ASKED})
def what_fails_in_the_middle_leaves_no_trace(on: Probe, name: str) -> None:
    """When the database fails during one of an operation's statements, what was to be done is done wholly or not at all."""
    on.client.sign_in("owner")
    with on.target.undone():
        with _failing_at(0) as sent:
            done = ASKED[name](on)
        wanted = _content()
    if name in OPTIONAL:
        check_routed(name, done)
        if done.status in REFUSED:
            raise NotApplicable(f"{name} is not taken as it is asked here: {done.summary}")
        if not sent and done.status < 400:
            raise NotApplicable(f"{name} is answered {done.summary}, and asks for nothing that is known here")
    if not sent or done.status >= 400:
        raise CannotAsk(f"{name} writes nothing even when nothing fails: {done.summary}")

    for number in _numbers(sent):
        with on.target.undone():
            before = on.digests()
            with _failing_at(number):
                answer = ASKED[name](on)
            after, content = on.digests(), _content()
        changed = sorted(model for model, digest in after.items() if before.get(model) != digest)
        if answer.status < 400:
            # What is noted beside it, a statistic or an activity, may fail without a word to the caller.
            assert content == wanted, f"it answers {answer.summary} although a statement failed"
        # A record of the backend's own, of requests for example, may be written when all is done.
        elif content != wanted or not _is_own(on, sent[number - 1]):
            assert changed == [], f"statement {number} of {len(sent)} failed; yet there is a trace"


CLONES = {"action": {"operation": "courses.clone"}, "view": {"operation": "course-clone.create"}}
# How a caller may ask for a clone that is published at once; where none of it is known, it is a draft.
AT_ONCE = ({"draft": False}, {"is_published": True}, {"publish": True})


@finding("GUARD-04", "VIEW-12", writes=True, kind=Kind.EFFECT, cases=CLONES)
def a_clone_that_is_refused_leaves_no_trace(on: Probe, operation: str) -> None:
    """Where a clone of a course without content is to be published at once, and that is refused, there is no clone."""
    on.client.sign_in("owner")
    key = on.key("course-draft")
    for module in on.model("courses.Module")._base_manager.filter(course_id=key).values_list("pk", flat=True):
        on.target.remove("courses.Module", module)
    before = on.digests()

    for wish in AT_ONCE:
        with on.target.undone():
            answer = on.send(
                operation, "course-draft", by="owner", body={"title": "A second edition", **wish}
            )
            after = on.digests()
        if operation == "course-clone.create":
            check_routed(operation, answer)
        changed = sorted(model for model in CONTENT & set(after) if before.get(model) != after[model])
        assert answer.status < 400 or changed == [], (
            f"{wish} is answered {answer.summary}, yet rows of {', '.join(changed)} are changed"
        )


def _numbers(sent: list[str]) -> list[int]:
    """Which of the statements are to fail: the last one and the middle one, of all and of those that write content."""
    meant = [number for number, sql in enumerate(sent, 1) if _names_one(sql, CONTENT)]
    numbers = {len(sent), len(sent) // 2 + 1}
    return sorted(numbers | ({meant[-1], meant[len(meant) // 2]} if meant else set()))


def _is_own(on: Probe, sql: str) -> bool:
    """Whether a statement is about a table of which the contract does not speak."""
    return not _names_one(sql, on.contract.declassified.columns.known)


def _names_one(sql: str, labels: Container[str]) -> bool:
    return any(f'"{model._meta.db_table}"' in sql for model in _models(labels))


def _models(labels: Container[str]) -> list[Any]:
    from django.apps import apps

    return [model for model in apps.get_models() if label_of(model) in labels]


def _content() -> dict[str, list[str]]:
    """The rows that courses are made of, without what differs from one copy to the next: keys, slugs and times."""
    from django.db.models import DateField, SlugField

    found = {}
    for model in _models(CONTENT):
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if not (field.primary_key or field.is_relation or isinstance(field, DateField | SlugField))
        ]
        found[label_of(model)] = sorted(map(repr, model._base_manager.values_list(*fields)))
    return found
