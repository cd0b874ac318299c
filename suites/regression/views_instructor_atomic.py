"""`courses/views/instructor.py`: what instructors write is written as a whole, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.breaking import failing_statement
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.I)
ORDERS, TITLE = (81, 82), "A title that is written in bulk"


def _publish(on: Probe) -> Answer:
    return on.send("courses.publish", "course-draft", by="owner", body={})


def _unpublish(on: Probe) -> Answer:
    return on.send("courses.unpublish", "course-open", by="owner", body={})


def _clone(on: Probe) -> Answer:
    return on.send("courses.clone", "course-open", by="owner", body={"title": "A second edition"})


def _lessons(on: Probe) -> list[Any]:
    return [on.key("lesson-guest"), on.key("lesson-registered")]


def _reorder(on: Probe) -> Answer:
    items = [{"id": key, "order": order} for key, order in zip(_lessons(on), ORDERS, strict=True)]
    return on.send("draft-content.reorder", by="owner", body={"items": items})


def _bulk_update(on: Probe) -> Answer:
    items = [{"id": key, "title": f"{TITLE} {number}"} for number, key in enumerate(_lessons(on))]
    return on.send("draft-content.bulk_update", by="owner", body={"items": items})


ASKED: dict[str, Callable[[Probe], Answer]] = {
    "publish": _publish,
    "unpublish": _unpublish,
    "clone": _clone,
    "reorder": _reorder,
    "bulk-update": _bulk_update,
}
OPTIONAL = frozenset({"reorder", "bulk-update"})


def _failing_at(number: int) -> AbstractContextManager[list[str]]:
    """The database refuses the statement of that number that writes; with 0, none. Yields those that were sent."""
    from django.db import OperationalError

    problem = OperationalError("the database went away in the middle")
    return failing_statement(number, lambda sql: bool(WRITES.match(sql)), problem)


@finding("GUARD-04", "VIEW-12", writes=True, kind=Kind.EFFECT, cases={name: {"name": name} for name in ASKED})
def what_fails_in_the_middle_leaves_no_trace(on: Probe, name: str) -> None:
    """When the database fails during the last of an operation's statements, or midway, none of the others has written."""
    on.client.sign_in("owner")
    with on.target.undone(), _failing_at(0) as sent:
        done = ASKED[name](on)
    if name in OPTIONAL and done.status in {404, 405}:
        raise NotApplicable(f"the backend routes no {name}")
    if not sent or done.status >= 400:
        raise CannotAsk(f"{name} writes nothing even when nothing fails: {done.summary}")

    for number in sorted({len(sent), len(sent) // 2 + 1}):
        with on.target.undone():
            before = on.target.digests()
            with _failing_at(number):
                answer = ASKED[name](on)
            after = on.target.digests()
        changed = sorted(model for model, digest in after.items() if before.get(model) != digest)
        assert answer.status >= 400, f"it answers {answer.summary} although a statement failed"
        assert changed == [], f"statement {number} of {len(sent)} failed; yet there is a trace"
