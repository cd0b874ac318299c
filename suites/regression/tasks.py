"""Tasks that export and import a course: one at a time for each course."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.eager import errors_stay_in_tasks, nobody_takes_tasks
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.tasks_content import REFUSED, STARTED, TASK, check_it_starts, task_body

BUSY = {409, 423}
COURSE, OTHER, NEXT = "course-open", "course-draft", "course-open-next"
ACTIONS = ("export", "import")
CASES = {action: {"action": action} for action in ACTIONS}
PAIRS = {
    f"{second}-during-{first}": {"first": first, "second": second}
    for first, second in product(ACTIONS, ACTIONS)
}
# Whether whoever starts a task is told at once that it failed, as where it is done in place, or not, as by a worker.
FAILURES = {
    f"{action}{name}": {"action": action, "told": told}
    for action, (name, told) in product(ACTIONS, (("", True), ("-untold", False)))
}
# Longer than any task may keep others out.
LONG = timedelta(days=2)
# More statements about an outline than a task needs that is done well.
MOST = 12
_ADDS = re.compile(r"\s*(INSERT|REPLACE)\b", re.I)


@dataclass(frozen=True)
class Moment:
    """A moment in the midst of a task.

    Attributes:
        adds: whether the task was about to add to its course's content; otherwise it read it, or put a total right.
        given: what came of what was done then.
    """

    adds: bool
    given: Any


def _start(on: Probe, action: str, course: str = COURSE, *, by: str = "owner", token: str = "") -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return on.send(TASK, by=by, body=task_body(on, action, course), headers=headers)


def _free(on: Probe, action: str, *, by: str = "owner") -> None:
    """The task can be started at all; otherwise there is nothing to ask about (see `check_it_starts`)."""
    with on.target.undone():
        check_it_starts(_start(on, action, by=by), action)


@contextmanager
def _while_it_runs(on: Probe, meanwhile: Callable[[int], Any]) -> Iterator[list[Moment]]:
    """Something is done whenever a task turns to the outline of a course; yields what came of it, moment by moment.

    Args:
        meanwhile: is given the number of the moment, from 1.

    Raises:
        CannotAsk: there was no such moment.
    """
    from django.db import connection

    tables = [f'"{on.model(label)._meta.db_table}"' for label in ("courses.Module", "courses.Lesson")]
    seen: list[Moment] = []
    busy = False

    def interrupt(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal busy
        # What is done meanwhile may turn to the outline, too.
        if not busy and len(seen) < MOST and any(table in sql for table in tables):
            busy = True
            try:
                seen.append(Moment(bool(_ADDS.match(sql)), None))
                seen[-1] = Moment(seen[-1].adds, meanwhile(len(seen)))
            finally:
                busy = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interrupt):
        yield seen
    if not seen:
        raise CannotAsk("the task did not run within the request, so nothing could be asked meanwhile")


@finding("SEC-04", writes=True, kind=Kind.EFFECT, cases=PAIRS)
def one_task_per_course_runs_at_a_time(on: Probe, first: str, second: str) -> None:
    """While a course is exported or imported another start for it is refused as a conflict; afterwards it is not."""
    for action in {first, second}:
        _free(on, action)

    with _while_it_runs(on, lambda _: _start(on, second)) as moments:
        done = _start(on, first)

    _check_kept_out(moments)
    assert done.status in STARTED, f"the first start answers {done.summary}"
    assert _start(on, second).status in STARTED


@finding("SEC-04", writes=True, kind=Kind.EFFECT, cases=CASES)
def the_course_is_held_whoever_asks(on: Probe, action: str) -> None:
    """While its owner exports or imports a course, a start of staff for it is refused as a conflict, too."""
    _free(on, action)
    _free(on, action, by="staff")

    with _while_it_runs(on, lambda _: _start(on, action, by="staff")) as moments:
        _start(on, action)

    _check_kept_out(moments)


def _check_kept_out(moments: list[Moment]) -> None:
    # What a task reads before it holds its course, or after, is not told from what it exports; what it adds is.
    let_in = [moment.given for moment in moments if moment.given.status not in BUSY]
    assert len(let_in) < len(moments), f"the second start answers {let_in[0].summary}"
    beside = [moment.given for moment in moments if moment.adds and moment.given in let_in]
    assert beside == [], f"while the course is written the second start answers {beside[0].summary}"


@finding(
    "SEC-04",
    writes=True,
    cases={
        f"{action}{name}": {"action": action, "other": other}
        for action, (name, other) in product(ACTIONS, (("", OTHER), ("-of-the-next-version", NEXT)))
    },
)
def other_courses_are_not_kept_waiting(on: Probe, action: str, other: str) -> None:
    """While one course is exported or imported another one can be, and so can what was made of it."""
    _free(on, action)

    with _while_it_runs(on, lambda _: _start(on, action, other)) as moments:
        _start(on, action)

    assert {moment.given.status for moment in moments} <= STARTED


@finding("SEC-04", writes=True, cases=FAILURES)
def a_failed_task_keeps_nobody_out(on: Probe, action: str, told: bool) -> None:
    """After a task that failed, in the middle or at its end, the next one starts."""
    from django.db import OperationalError

    _free(on, action)
    with on.target.undone(), _while_it_runs(on, lambda _: None) as moments:
        _start(on, action)

    for number in sorted({len(moments), len(moments) // 2 + 1}):

        def fail(moment: int, meant: int = number) -> None:
            if moment == meant:
                raise OperationalError("the database went away in the middle")

        with on.target.undone():
            with nullcontext() if told else errors_stay_in_tasks(), _while_it_runs(on, fail):
                _start(on, action)

            assert _start(on, action).status in STARTED


@finding("SEC-04", writes=True, cases=CASES)
def a_refused_start_keeps_nobody_out(on: Probe, action: str) -> None:
    """After a start that was refused for what it asks, the next one starts."""
    _free(on, action)
    with on.target.undone():
        answer = on.send(TASK, by="owner", body={**task_body(on, action, COURSE), "action": "neither"})
        if answer.status not in REFUSED:
            raise NotApplicable(f"an action that there is not is answered {answer.summary}")

        assert _start(on, action).status in STARTED


@finding("SEC-04", writes=True, cases=CASES)
def a_task_that_nobody_takes_keeps_nobody_out(on: Probe, action: str) -> None:
    """After a start that failed because no broker took the task, the next one starts."""
    _free(on, action)
    with on.target.undone():
        with nobody_takes_tasks() as refused:
            _start(on, action)
        if not refused:
            raise NotApplicable(f"an {action} is handed to no broker of Celery")

        assert _start(on, action).status in STARTED


@finding("SEC-04", writes=True, cases=CASES)
def a_lock_ends_by_itself(on: Probe, action: str) -> None:
    """Somebody who holds a course for days, and never lets go, keeps nobody out for ever."""
    _free(on, action)
    _free(on, "export")

    def much_later(_moment: int) -> Answer:
        with on.target.later(LONG):
            return _start(on, "export", token=on.target.mint_token(on.key("owner")))

    with _while_it_runs(on, much_later) as moments:
        _start(on, action)

    late = [moment.given for moment in moments if moment.given.status not in STARTED]
    assert late == [], f"two days later a start answers {late[0].summary}"
