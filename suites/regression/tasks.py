"""Tasks that export and import a course: one at a time for each course."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

STARTED, BUSY = {200, 201, 202}, {409, 423}
COURSE, OTHER = "course-open", "course-draft"
# Longer than any task may keep others out.
LONG = timedelta(days=2)


def _start(on: Probe, course: str = COURSE, *, token: str = "") -> Answer:
    body = {"action": "export", "course": on.named(course, "slug")}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return on.send("tasks.import_export", by="owner", body=body, headers=headers)


def _free(on: Probe) -> None:
    """The task can be started at all; otherwise there is nothing to ask about.

    Raises:
        NotApplicable: the backend has no such task.
        CannotAsk: it has, and does not start it even when nobody else does.
    """
    with on.target.undone():
        answer = _start(on)
    if answer.status in {404, 405}:
        raise NotApplicable(f"the backend has no import and export of courses: {answer.summary}")
    if answer.status not in STARTED:
        raise CannotAsk(f"an export is not started: {answer.summary}")


@contextmanager
def _while_it_runs(on: Probe, meanwhile: Callable[[], Any]) -> Iterator[list[Any]]:
    """Something is done while the task reads what it exports; yields what came of it."""
    from django.db import connection

    table = on.model("courses.Module")._meta.db_table
    seen: list[Any] = []

    def interrupt(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not seen and f'FROM "{table}"' in sql:
            seen.append(None)  # what is done meanwhile reads the table, too
            seen[0] = meanwhile()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interrupt):
        yield seen
    if not seen:
        raise CannotAsk("the task did not run within the request, so nothing could be asked meanwhile")


@finding("SEC-04", writes=True, kind=Kind.EFFECT)
def one_task_per_course_runs_at_a_time(on: Probe) -> None:
    """While a course is exported a second start for it is refused as a conflict; afterwards it is not."""
    _free(on)

    with _while_it_runs(on, lambda: _start(on)) as second:
        first = _start(on)

    assert first.status in STARTED
    assert second[0].status in BUSY, f"the second start answers {second[0].summary}"
    assert _start(on).status in STARTED


@finding("SEC-04", writes=True)
def other_courses_are_not_kept_waiting(on: Probe) -> None:
    """While one course is exported another one can be."""
    _free(on)

    with _while_it_runs(on, lambda: _start(on, OTHER)) as second:
        _start(on)

    assert second[0].status in STARTED


@finding("SEC-04", writes=True)
def a_failed_task_keeps_nobody_out(on: Probe) -> None:
    """After a task that failed the next one starts."""
    from django.db import OperationalError

    _free(on)

    def fail() -> None:
        raise OperationalError("the database went away in the middle")

    with _while_it_runs(on, fail):
        _start(on)

    assert _start(on).status in STARTED


@finding("SEC-04", writes=True)
def a_lock_ends_by_itself(on: Probe) -> None:
    """Somebody who holds a course for days, and never lets go, keeps nobody out for ever."""
    _free(on)

    def much_later() -> Answer:
        with on.target.later(LONG):
            return _start(on, token=on.target.mint_token(on.key("owner")))

    with _while_it_runs(on, much_later) as second:
        _start(on)

    assert second[0].status in STARTED, f"two days later a start answers {second[0].summary}"
