"""`courses/signals.py`: what is counted about a course follows from enrolments and reviews."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.breaking import failing_statement
from coursegate.harness.probing.eager import tasks_sent
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

TASKS = "courses.tasks"
UPDATE = "courses.signals.update_course_analytics_async"
COURSE = "course-in-inactive-category"  # of which the world tells neither learners nor reviews
WORDS = "words of a review that are long enough"
WITH_AND_WITHOUT = {"with-tasks": {"tasks": True}, "without-tasks": {"tasks": False}}
# What a deployment says of its tasks, which the gate has done in place: somebody else does them.
ELSEWHERE = {"CELERY_TASK_ALWAYS_EAGER": False}


@contextmanager
def _tasks(present: bool) -> Iterator[None]:
    """The app's tasks as they are, or a checkout that has no such module."""
    if present:
        yield
        return
    package = sys.modules["courses"]
    module, attribute = sys.modules.get(TASKS), vars(package).pop("tasks", None)
    sys.modules[TASKS] = None  # type: ignore[assignment]  # how Python notes a module that there is not
    try:
        yield
    finally:
        del sys.modules[TASKS]
        if module is not None:
            sys.modules[TASKS] = module
        if attribute is not None:
            package.tasks = attribute  # type: ignore[attr-defined]  # what importing it had set


def _counted(on: Probe) -> tuple[int, float, int]:
    """Learners, average rating and number of reviews of the course, as its row has them."""
    course = on.row(COURSE)
    return course.enrolled_students_count, float(course.avg_rating or 0), course.total_reviews


def _review(on: Probe, by: str, rating: int) -> Any:
    review = on.model("courses.Review")(
        user=on.row(by), course=on.row(COURSE), rating=rating, content=WORDS, is_approved=True
    )
    review.save()
    return review


def _enrolment(on: Probe, by: str) -> Any:
    enrolment = on.model("courses.Enrollment")(user=on.row(by), course=on.row(COURSE), status="active")
    enrolment.save()
    return enrolment


@finding("SIG-01", commits=True)
def without_tasks_nobody_is_left_to_count_elsewhere(on: Probe) -> None:
    """Where tasks are done elsewhere, and there is none that counts, reviews are counted in place."""
    with _tasks(False), on.settings(**ELSEWHERE):
        _review(on, "registered", 5)

        assert _counted(on)[1:] == (5.0, 1)


@finding("SIG-01", commits=True)
def a_task_that_counts_is_sent_after_the_commit(on: Probe) -> None:
    """Where a task counts, it is sent once the review is committed: a worker that begins at once would not see it before."""
    from django.db import transaction

    key = on.key(COURSE)
    _review(on, "premium", 2)  # loads the tasks, which may wait until then
    with on.settings(**ELSEWHERE), tasks_sent() as sent, transaction.atomic():
        _review(on, "registered", 5)

    counting = [task for task in sent if key in task.values or str(key) in task.values]
    if not counting:
        raise NotApplicable("a review is counted in place, by no task that is given its course")
    early = sorted({task.name for task in counting if task.at_once})
    assert not all(task.at_once for task in counting), f"{', '.join(early)} is sent before the commit alone"


@finding("SIG-01", commits=True, cases=WITH_AND_WITHOUT)
def reviews_are_counted(on: Probe, tasks: bool) -> None:
    """A review that is written, changed or deleted moves the rating and the number of reviews of its course."""
    with _tasks(tasks):
        first = _review(on, "registered", 5)
        assert _counted(on)[1:] == (5.0, 1)
        second = _review(on, "premium", 2)
        assert _counted(on)[1:] == (3.5, 2)
        first.rating = 4
        first.save()
        assert _counted(on)[1:] == (3.0, 2)
        second.delete()
        assert _counted(on)[1:] == (4.0, 1)
        first.rating = 3
        first.save(update_fields=["rating"])
        assert _counted(on)[1:] == (3.0, 1), "after a save of the rating alone"
        first.delete()
        assert _counted(on)[1:] == (0.0, 0), "after the last review is gone"


@finding("SIG-01", commits=True)
def reviews_that_go_with_their_author_are_counted(on: Probe) -> None:
    """A review that goes because its author's account is deleted does not count any more."""
    author = on.row("registered-bystander")
    kept, gone = _review(on, "premium", 2), _review(on, "registered-bystander", 5)
    assert _counted(on)[1:] == (3.5, 2)

    try:
        on.target.remove(author._meta.label, author.pk)
    except CannotAsk as refusal:
        raise NotApplicable(f"accounts are not deleted: {refusal}") from None

    left = set(on.rows("courses.Review").filter(pk__in=[kept.pk, gone.pk]).values_list("pk", flat=True))
    if left != {kept.pk}:
        raise NotApplicable("reviews outlive the accounts that wrote them")
    assert _counted(on)[1:] == (2.0, 1)


@finding("SIG-01", commits=True, cases=WITH_AND_WITHOUT)
def approval_alone_moves_the_counts(on: Probe, tasks: bool) -> None:
    """A review that is withdrawn, or approved, by a save of that alone counts as after a save of the whole row."""
    with _tasks(tasks):
        _review(on, "registered", 5)
        review = _review(on, "premium", 2)
        approved = _counted(on)
        review.is_approved = False
        review.save()
        withdrawn = _counted(on)
        review.is_approved = True
        review.save(update_fields=["is_approved"])
        assert _counted(on) == approved, "after a save that approves, and of nothing else"
        review.is_approved = False
        review.save(update_fields=["is_approved"])
        assert _counted(on) == withdrawn, "after a save that withdraws, and of nothing else"


@finding("SIG-01", commits=True, cases=WITH_AND_WITHOUT)
def reviews_that_go_together_are_counted(on: Probe, tasks: bool) -> None:
    """Reviews that are deleted by one query, as the admin deletes those that were ticked, do not count any more."""
    with _tasks(tasks):
        for by, rating in (("registered", 5), ("premium", 2), ("lapsed", 1)):
            _review(on, by, rating)
        reviews = on.rows("courses.Review").filter(course=on.key(COURSE))
        reviews.filter(rating__lt=3).delete()

    assert _counted(on)[1:] == (5.0, 1), "two of three reviews are deleted"


@finding("SIG-01", commits=True, cases=WITH_AND_WITHOUT)
def learners_are_counted(on: Probe, tasks: bool) -> None:
    """A learner who enrols counts for the course, and so does the next one."""
    before = _counted(on)[0]

    with _tasks(tasks):
        _enrolment(on, "registered")
        one = _counted(on)[0]
        _enrolment(on, "premium")
        two = _counted(on)[0]

    assert (one, two) == (before + 1, before + 2)


@finding("SIG-01", commits=True, cases=WITH_AND_WITHOUT)
def counts_hold_after_a_transaction(on: Probe, tasks: bool) -> None:
    """What is written in one transaction, nested blocks and all, is counted once that is committed."""
    from django.db import transaction

    with _tasks(tasks), transaction.atomic():
        _enrolment(on, "registered")
        with transaction.atomic():
            _review(on, "registered", 3)
            _review(on, "premium", 4)

    assert _counted(on) == (1, 3.5, 2)


@finding("SIG-01", commits=True, cases=WITH_AND_WITHOUT)
def what_is_taken_back_is_not_counted(on: Probe, tasks: bool) -> None:
    """What a transaction wrote that was rolled back leaves no trace in the numbers of the course."""
    from django.db import transaction

    _review(on, "registered", 3)

    with _tasks(tasks), transaction.atomic():
        _review(on, "premium", 5)
        _enrolment(on, "premium")
        transaction.set_rollback(True)

    assert _counted(on)[1:] == (3.0, 1)
    assert not on.rows("courses.Enrollment").filter(course=on.key(COURSE)).exists()
    _review(on, "lapsed", 5)
    assert _counted(on) == (0, 4.0, 2)


@finding("SIG-01", commits=True)
def signals_may_follow_from_signals(on: Probe) -> None:
    """Progress that completes an enrolment while reviews and learners come in ends, and everything is counted."""
    progress = _progress(on)

    _finish(progress)
    _review(on, "registered", 5)

    assert on.rows("courses.Enrollment").get(pk=progress.enrollment_id).status == "completed"
    assert _counted(on)[1:] == (5.0, 1)


def _progress(on: Probe) -> Any:
    """The progress of a learner in the only lesson of the course."""
    module = on.model("courses.Module")(course=on.row(COURSE), title="The module", is_published=True)
    module.save()
    lesson = on.model("courses.Lesson")(module=module, title="The lesson", content=WORDS)
    lesson.save()
    rows = on.model("courses.Progress")._base_manager
    progress, _ = rows.get_or_create(enrollment=_enrolment(on, "registered"), lesson=lesson)
    return progress


def _finish(progress: Any) -> None:
    progress.is_completed, progress.progress_percentage = True, 100
    progress.save()


@finding("SIG-01", commits=True)
def one_failure_of_the_database_is_got_over(on: Probe) -> None:
    """Where the database refuses once what follows from progress, or from a review, it follows from the next ones."""
    progress = _progress(on)
    with _refusing(on, "courses.Enrollment"):
        _finish(progress)
    with _refusing(on, "courses.Course"):
        _review(on, "premium", 2)

    _finish(on.rows("courses.Progress").get(pk=progress.pk))
    _review(on, "registered", 5)

    reviews = on.rows("courses.Review").filter(course=on.key(COURSE)).count()
    assert on.rows("courses.Enrollment").get(pk=progress.enrollment_id).status == "completed"
    assert _counted(on)[2] == reviews


@contextmanager
def _refusing(on: Probe, label: str) -> Iterator[None]:
    """The first row of a model that is changed inside is refused; what was written is taken back unless that is borne."""
    from django.db import OperationalError, transaction

    table = f'"{on.model(label)._meta.db_table}"'
    with (
        failing_statement(
            1, lambda sql: sql.startswith("UPDATE") and table in sql, OperationalError("refused by the gate")
        ),
        suppress(Exception),  # in whatever the backend wraps it
        transaction.atomic(),
    ):
        yield


@finding("SIG-01", commits=True)
def the_function_counts_when_it_is_called(on: Probe) -> None:
    """`update_course_analytics_async` can be imported from the signals, takes a course's key, and counts its rows."""
    update = on.name(UPDATE)
    _review(on, "registered", 5)
    on.rows("courses.Course").filter(pk=on.key(COURSE)).update(avg_rating=0, total_reviews=0)
    assert _counted(on)[1:] == (0.0, 0)

    update(on.key(COURSE))

    assert _counted(on)[1:] == (5.0, 1)
