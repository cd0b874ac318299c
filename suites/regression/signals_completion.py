"""`courses/signals.py`: what follows when lessons, assessments and courses are done."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import CannotAsk
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding


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


@finding("CONST-02", commits=True, kind=Kind.EFFECT)
def a_passed_assessment_completes_its_lesson(on: Probe) -> None:
    """An attempt that passes completes the lesson for its learner; one that fails does not."""
    from django.utils import timezone

    learner, assessment = on.row("premium"), on.row("assessment-registered")
    lesson = on.rows("courses.Progress").filter(
        enrollment_id=on.key("enrollment-premium"), lesson_id=on.key("lesson-registered"), is_completed=True
    )
    attempt = on.model("courses.AssessmentAttempt")

    for number, (score, passed) in enumerate(((0, False), (10, True)), start=1):
        attempt(
            user=learner,
            assessment=assessment,
            score=score,
            max_score=10,
            is_completed=True,
            is_passed=passed,
            passed=passed,
            end_time=timezone.now(),
            attempt_number=number,
        ).save()
        assert lesson.exists() is passed, f"after an attempt with {score} of 10 points"


# How much of a draft is done, in an order that goes to and fro -> what it may be called then.
STATES = ((50, {"in_progress", "partially_complete"}), (0, {"not_started"}), (100, {"complete"}))


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
