"""`courses/views/instructor.py`: publishing, unpublishing and cloning, and what is said when it cannot be done."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from coursegate.contracts.openapi import NEVER_EXISTED
from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.breaking import failing_statement
from coursegate.harness.probing.locks import locking_reads, locks_rows_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

CLONES = {"action": {"operation": "courses.clone"}, "view": {"operation": "course-clone.create"}}
# operation -> the course on which its owner succeeds, and what is sent.
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "courses.publish": ("course-draft", {}),
    "courses.unpublish": ("course-open", {}),
    "courses.clone": ("course-open", {"title": "A second edition"}),
    "course-publishing.update": ("course-draft", {"publish": True}),
    "course-clone.create": ("course-open", {"title": "A second edition"}),
}
CASES = {name: {"operation": name} for name in STEPS}
ACTIONS = {name: {"operation": name} for name in STEPS if name.startswith("courses.")}
DONE = frozenset({200, 201})


def _succeeds(on: Probe, operation: str) -> None:
    course, body = STEPS[operation]
    with on.target.undone():
        answer = on.send(operation, course, by="owner", body=body)
    if not operation.startswith("courses."):
        check_routed(operation, answer)
    if answer.status in {400, 422} and operation == "course-publishing.update":
        raise NotApplicable(f"it takes another body than {body}: {answer.summary}")
    assert answer.status in DONE, f"its owner is answered {answer.summary}"


@finding("VIEW-12", needs="http", writes=True, cases=CASES)
def an_unknown_course_is_missing(on: Probe, operation: str) -> None:
    """A course that never existed is answered 404, whatever is to be done with it, never 500."""
    _succeeds(on, operation)

    answer = on.send(operation, NEVER_EXISTED["slug"], by="owner", body=STEPS[operation][1])

    assert answer.status == 404, f"it is answered {answer.summary}"


@finding("VIEW-12", needs="http", writes=True, cases=ACTIONS)
def who_may_not_is_told_so(on: Probe, operation: str) -> None:
    """Who may not do it is forbidden it on a published course (403), and finds no draft (404)."""
    _succeeds(on, operation)

    on_published = on.send(operation, "course-open", by="peer", body={})
    on_draft = on.send(operation, "course-draft", by="peer", body={})

    assert on_published.status == 403, f"on a published course it is answered {on_published.summary}"
    assert on_draft.status == 404, f"on a draft it is answered {on_draft.summary}"


TOO_LONG = "A title of many words, " * 40
WRONG = {
    "courses.clone": {"operation": "courses.clone", "body": {"title": TOO_LONG}},
    "course-clone.create": {"operation": "course-clone.create", "body": {"title": TOO_LONG}},
}


@finding("VIEW-12", needs="http", writes=True, cases=WRONG)
def a_wrong_body_is_told_by_field(on: Probe, operation: str, body: dict[str, str]) -> None:
    """A body that makes no sense is answered 400, and says of which field."""
    _succeeds(on, operation)

    answer = on.send(operation, STEPS[operation][0], by="owner", body=body)

    assert answer.status == 400, f"it is answered {answer.summary}"
    assert isinstance(answer.json, dict)
    # Which field is meant may be said in an envelope.
    assert set(body) <= {key for row in answer.objects for key in row}, f"it says {answer.text[:200]}"


# What is done, and whether the course is published then.
SWITCHES: dict[str, dict[str, Any]] = {
    "courses.publish": {"operation": "courses.publish", "published": True},
    "courses.unpublish": {"operation": "courses.unpublish", "published": False},
    "course-publishing.update": {"operation": "course-publishing.update", "published": True},
    "course-publishing.update-back": {"operation": "course-publishing.update", "published": False},
}


@finding("VIEW-12", needs="http", commits=True, cases=SWITCHES)
def what_is_done_already_is_no_accident(on: Probe, operation: str, published: bool) -> None:
    """Publishing publishes, unpublishing takes back; doing it once more is a conflict (409) or changes nothing (200)."""
    _succeeds(on, operation)
    course = "course-draft" if published else "course-open"
    body = {"publish": published} if operation == "course-publishing.update" else {}
    assert _is_published(on, course) is not published
    if operation == "course-publishing.update" and not published and not _reads_the_switch(on):
        raise NotApplicable("the view publishes, and reads no switch that would say otherwise")

    first = on.send(operation, course, by="owner", body=body)

    assert first.status == 200, f"the first time it is answered {first.summary}"
    assert _is_published(on, course) is published, f"it is answered {first.summary}, and not done"
    again = on.send(operation, course, by="owner", body=body)
    assert again.status in {200, 409}, f"the second time it is answered {again.summary}"
    assert _is_published(on, course) is published, "the second time undoes the first"


def _reads_the_switch(on: Probe) -> bool:
    """Whether the view looks at all at what says which of the two: what is no truth value is refused then."""
    with on.target.undone():
        answer = on.send("course-publishing.update", "course-draft", by="owner", body={"publish": "no truth"})
    return answer.status in {400, 422}


def _is_published(on: Probe, course: str) -> Any:
    """Whether its owner, and then a guest, is shown the course as published."""
    published = on.send("courses.retrieve", course, by="owner").json["is_published"]
    seen = on.send("courses.retrieve", course).status
    assert seen == (200 if published else 404), (
        f"it is published: {published}, and a guest is answered {seen}"
    )
    return published


def _breaking_at(on: Probe, number: int) -> AbstractContextManager[list[str]]:
    """The statement of that number which writes content raises what nobody expects; with 0, none does. Yields those sent.

    Content alone: what a backend notes beside it, a statistic or a log, may be allowed to fail.
    """
    tables = [
        on.model(f"courses.{name}")._meta.db_table for name in ("Course", "Module", "Lesson", "Resource")
    ]
    writes = tuple(f'{verb} "{table}"' for verb in ("INSERT INTO", "UPDATE") for table in tables)
    problem = RuntimeError("something that nobody expects")
    return failing_statement(number, lambda sql: sql.startswith(writes), problem)


@finding("VIEW-12", writes=True, kind=Kind.EFFECT, cases=CASES)
def an_unexpected_error_leaves_nothing(on: Probe, operation: str) -> None:
    """An error that nobody expects is answered 500, and what was written before it is taken back."""
    course, body = STEPS[operation]
    _succeeds(on, operation)
    with on.target.undone(), _breaking_at(on, 0) as sent:
        assert on.send(operation, course, by="owner", body=body).status in DONE
    assert sent, "it writes no content"

    with on.target.undone():
        before = on.digests()
        with _breaking_at(on, len(sent)):
            answer = on.send(operation, course, by="owner", body=body)
        changed = sorted(name for name, digest in on.digests().items() if before.get(name) != digest)

    assert answer.status == 500, f"it is answered {answer.summary}"
    assert changed == [], (
        f"the last of {len(sent)} statements fails, yet rows of {', '.join(changed)} are changed"
    )


@finding("VIEW-13", writes=True, cases=CLONES)
def each_clone_has_its_version(on: Probe, operation: str) -> None:
    """Clones of one course, one after the other, have versions and slugs of their own, later than the course's."""
    _succeeds(on, operation)
    before = on.target.keys("courses.Course")
    for _ in range(3):
        assert on.send(operation, "course-open", by="owner", body=STEPS[operation][1]).status in DONE

    clones = on.target.rows_beyond("courses.Course", before)

    source = on.target.row("courses.Course", on.key("course-open")) or {}
    assert len(clones) == 3
    assert len({clone["version"] for clone in clones}) == len({clone["slug"] for clone in clones}) == 3
    assert all(Decimal(clone["version"]) > Decimal(source["version"]) for clone in clones)
    assert {clone["parent_version_id"] for clone in clones} == {source["id"]}


@finding("VIEW-13", commits=True, cases=CLONES)
def the_course_is_locked_while_it_is_cloned(on: Probe, operation: str) -> None:
    """Cloning locks a row of courses, inside a transaction, before it writes the copy."""
    _succeeds(on, operation)
    table = on.model("courses.Course")._meta.db_table

    with locking_reads() as reads:
        answer = on.send(operation, "course-open", by="owner", body=STEPS[operation][1])

    assert answer.status in DONE, f"it is answered {answer.summary}"
    assert any(locks_rows_of(sql, table) for sql in reads), f"no row of {table} is read FOR UPDATE"


@finding("VIEW-13", commits=True)
def unpublishing_locks_the_course(on: Probe) -> None:
    """Unpublishing locks the course's row while it is done."""
    table = on.model("courses.Course")._meta.db_table

    with locking_reads() as reads:
        answer = on.send("courses.unpublish", "course-open", by="owner", body={})

    assert answer.status == 200, f"it is answered {answer.summary}"
    assert any(locks_rows_of(sql, table) for sql in reads), f"no row of {table} is read FOR UPDATE"
