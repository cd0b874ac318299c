"""`courses/signals.py`: what follows when lessons, assessments and courses are done."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import CannotAsk
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

WORDS = "words that are long enough for any minimum"
MANY = 199  # of 200 lessons are 100 % to whoever rounds


@finding("CONST-02")
def a_status_is_what_is_stored(on: Probe) -> None:
    """A member of EnrollmentStatus equals the stored text, and a query by it finds the rows."""
    status = on.name("courses.constants.EnrollmentStatus")

    assert status.ACTIVE == "active"
    assert status.COMPLETED == "completed"
    rows = on.rows("courses.Enrollment")
    assert rows.filter(status="active").exists()
    assert set(rows.filter(status=status.ACTIVE)) == set(rows.filter(status="active"))


@finding("CONST-02", needs="http", writes=True, kind=Kind.EFFECT)
def a_finished_course_is_completed_and_certified(on: Probe) -> None:
    """Whoever finishes the last lesson of a course has completed it, and holds its certificate."""
    course, lesson = on.key("course-peer"), on.key("lesson-of-peer")
    enrolled = on.send("enrollments.create", by="former", body={"course_id": course})
    assert enrolled.status in {200, 201}

    _finish(on, lesson)

    statuses = [row["status"] for row in _rows(on.send("enrollments.list", by="former"))]
    assert statuses == ["completed"]


@finding("CONST-02", commits=True, kind=Kind.EFFECT)
def a_completed_course_gives_its_certificate(on: Probe) -> None:
    """An enrolment whose last lesson is done gets a valid certificate, where its course gives one."""
    on.rows("courses.Course").filter(pk=on.key("course-peer")).update(has_certificate=True)
    enrollment = on.model("courses.Enrollment")(user=on.row("former"), course=on.row("course-peer"))
    enrollment.save()
    held = on.rows("courses.Certificate").filter(enrollment=enrollment)
    assert not held.exists(), "there is a certificate before anything was learned"

    row, _ = on.rows("courses.Progress").get_or_create(enrollment=enrollment, lesson=on.row("lesson-of-peer"))
    row.is_completed, row.progress_percentage = True, 100
    row.save()

    enrollment.refresh_from_db()
    assert enrollment.status == "completed"
    assert [certificate.is_valid for certificate in held] == [True]


def _finish(on: Probe, lesson: Any) -> None:
    """Finish a lesson over HTTP: the row that enrolling has made, or else one of its own."""
    done = {"is_completed": True, "progress_percentage": 100}
    mine = [row for row in _rows(on.send("progress.list", by="former")) if _names(row.get("lesson"), lesson)]
    if mine:
        answer = on.send("progress.partial_update", str(mine[0]["id"]), by="former", body=done)
    else:
        answer = on.send("progress.create", by="former", body={"lesson_id": lesson, **done})
    if answer.status not in {200, 201}:
        raise CannotAsk(f"the lesson cannot be finished: {answer.summary}")


def _names(shown: Any, key: Any) -> bool:
    return str(shown.get("id") if isinstance(shown, dict) else shown) == str(key)


def _rows(answer: Any) -> list[Any]:
    assert answer.status == 200
    shown = answer.json
    return list(shown["results"] if isinstance(shown, dict) else shown)


def _attempt(on: Probe, number: int) -> Any:
    """An unsaved attempt of a learner, in which nothing is answered yet."""
    return on.model("courses.AssessmentAttempt")(
        user=on.row("premium"),
        assessment=on.row("assessment-registered"),
        score=0,
        max_score=10,
        attempt_number=number,
    )


def _end(attempt: Any, *, passed: bool) -> None:
    from django.utils import timezone

    attempt.score = 10 if passed else 0
    attempt.is_completed, attempt.end_time = True, timezone.now()
    attempt.is_passed = attempt.passed = passed
    attempt.save()


def _has_done_the_lesson(on: Probe, enrolment: Any = None) -> bool:
    """Whether the assessed lesson is done in an enrolment, by its key; without one, in that of the world."""
    done: bool = (
        on.rows("courses.Progress")
        .filter(
            enrollment_id=enrolment or on.key("enrollment-premium"),
            lesson_id=on.key("lesson-registered"),
            is_completed=True,
        )
        .exists()
    )
    return done


@finding("CONST-02", commits=True, kind=Kind.EFFECT)
def a_passed_assessment_completes_its_lesson(on: Probe) -> None:
    """An attempt that passes completes the lesson for its learner; one that fails does not."""
    for number, passed in enumerate((False, True), start=1):
        _end(_attempt(on, number), passed=passed)
        assert _has_done_the_lesson(on) is passed, f"after an attempt with {10 * passed} of 10 points"


@finding("CONST-02", commits=True, kind=Kind.EFFECT)
def an_assessment_of_a_lesson_never_opened_completes_it(on: Probe) -> None:
    """An attempt that passes completes the lesson of a learner who has no progress there yet, as one added since has none."""
    mine = on.rows("courses.Progress").filter(enrollment_id=on.key("enrollment-premium"))
    mine.filter(lesson_id=on.key("lesson-registered")).delete()

    _end(_attempt(on, 1), passed=True)

    assert _has_done_the_lesson(on), "the lesson is not done"


@finding("CONST-02", commits=True, kind=Kind.EFFECT)
def an_attempt_that_is_passed_later_completes_its_lesson(on: Probe) -> None:
    """An attempt that is stored when it begins completes the lesson once it is stored as passed, and not before."""
    begun = _attempt(on, 1)
    begun.save()
    assert not _has_done_the_lesson(on), "done as soon as the attempt has begun"

    _end(on.rows("courses.AssessmentAttempt").get(pk=begun.pk), passed=True)

    assert _has_done_the_lesson(on), "not done, although the attempt that was begun has passed"


@finding("CONST-02", commits=True, kind=Kind.EFFECT)
def who_has_come_back_passes_for_the_present_enrolment(on: Probe) -> None:
    """Of a learner who has left a course and enrolled anew, an attempt that passes completes the lesson where they are now."""
    enrolments = on.rows("courses.Enrollment")
    left = enrolments.get(pk=on.key("enrollment-premium"))
    enrolments.filter(pk=left.pk).update(status="unenrolled")
    present = on.model("courses.Enrollment")(user=left.user, course=left.course)
    present.save()

    _end(_attempt(on, 1), passed=True)

    assert _has_done_the_lesson(on, present.pk), "the lesson is not done"
    assert not _has_done_the_lesson(on, left.pk), "the lesson is done in the course that was left"


@finding("CONST-02", "MOD-02", commits=True, kind=Kind.EFFECT)
def one_lesson_left_of_many_is_not_the_end(on: Probe) -> None:
    """However many lessons a course has, one that is left keeps it from being completed, and from its certificate."""
    on.rows("courses.Course").filter(pk=on.key("course-peer")).update(has_certificate=True)
    lesson = on.row("lesson-of-peer")
    lessons = on.model("courses.Lesson")
    lessons._base_manager.bulk_create(
        lessons(module=lesson.module, title=f"Lesson {order}", content=WORDS, order=order)
        for order in range(1001, 1001 + MANY)
    )
    enrolment = on.model("courses.Enrollment")(user=on.row("former"), course=on.row("course-peer"))
    enrolment.save()
    _do_all_but(on, enrolment, lesson)

    assert _state_of(enrolment) == ("active", False), f"{MANY} of {MANY + 1} lessons are done"
    progress, _ = on.rows("courses.Progress").get_or_create(enrollment=enrolment, lesson=lesson)
    progress.is_completed, progress.progress_percentage = True, 100
    progress.save()
    assert _state_of(enrolment) == ("completed", True), "all lessons are done"


def _do_all_but(on: Probe, enrolment: Any, lesson: Any) -> None:
    """All lessons of the module are done but this one: rows that enrolling has made, or else rows of their own."""
    from django.utils import timezone

    mine = on.rows("courses.Progress").filter(enrollment=enrolment)
    others = on.rows("courses.Lesson").filter(module=lesson.module).exclude(pk=lesson.pk)
    done = {"is_completed": True, "progress_percentage": 100, "completed_date": timezone.now()}
    mine.exclude(lesson=lesson).update(**done)
    progress = on.model("courses.Progress")
    progress._base_manager.bulk_create(
        progress(enrollment=enrolment, lesson=other, **done)
        for other in others.exclude(pk__in=mine.values("lesson"))
    )


def _state_of(enrolment: Any) -> tuple[str, bool]:
    """Status after the next recalculation, and whether there is a certificate."""
    enrolment.refresh_from_db()
    enrolment.update_progress()
    enrolment.refresh_from_db()
    certificates = type(enrolment)._meta.apps.get_model("courses.Certificate")._base_manager
    return str(enrolment.status), certificates.filter(enrollment=enrolment).exists()


# How much of a draft is done, as it grows -> what it may be called then. What it is called when it shrinks, nobody says.
STATES = (
    (0, {"not_started", "in_progress"}),
    (50, {"in_progress", "partially_complete"}),
    (100, {"in_progress", "partially_complete", "complete"}),
)


@finding("CONST-02", writes=True, kind=Kind.EFFECT)
def a_course_takes_its_state_from_what_is_done(on: Probe) -> None:
    """A draft is called by how much of it is done; a course that is published is called so, and no more when it is not."""
    course = on.row("course-draft")
    for percentage, states in STATES:
        assert _state(course, completion_percentage=percentage) in states, f"{percentage} % are done"

    assert _state(course, is_published=True, is_draft=False) == "published"
    assert _state(course, is_published=False, is_draft=True) != "published", "it is a draft again"


def _state(course: Any, **columns: Any) -> str:
    """What a course is called once it is saved with these columns."""
    for name, value in columns.items():
        setattr(course, name, value)
    course.save()
    course.refresh_from_db()
    return str(course.completion_status)


@finding("SIG-01", commits=True, kind=Kind.EFFECT)
def a_restored_enrolment_earns_nothing_anew(on: Probe) -> None:
    """A completed enrolment that is restored from a backup has the certificates of the backup, and no further one."""
    from django.core import serializers

    on.rows("courses.Course").filter(pk=on.key("course-peer")).update(has_certificate=True)
    enrolment = on.model("courses.Enrollment")(user=on.row("former"), course=on.row("course-peer"))
    enrolment.save()
    _do_all_but(on, enrolment, on.row("lesson-of-peer"))
    progress, _ = on.rows("courses.Progress").get_or_create(
        enrollment=enrolment, lesson=on.row("lesson-of-peer")
    )
    progress.is_completed, progress.progress_percentage = True, 100
    progress.save()
    if _state_of(enrolment) != ("completed", True):
        raise CannotAsk("a course that is finished gives no certificate, so none could be given anew")
    certificates = on.rows("courses.Certificate").filter(enrollment=enrolment.pk)
    backup = [serializers.serialize("json", rows) for rows in ([enrolment], certificates)]
    held = sorted(certificates.values_list("pk", "certificate_number"))
    on.rows("courses.Progress").filter(enrollment=enrolment).delete()
    certificates.delete()
    on.rows("courses.Enrollment").filter(pk=enrolment.pk).delete()

    _restore(backup[0])

    assert not certificates.exists(), "there is a certificate before those of the backup are restored"
    _restore(backup[1])
    assert sorted(certificates.values_list("pk", "certificate_number")) == held


def _restore(backup: str) -> None:
    """Store what a backup says, as `loaddata` does: signals hear that it is raw."""
    from django.core import serializers

    for row in serializers.deserialize("json", backup):
        row.save()
