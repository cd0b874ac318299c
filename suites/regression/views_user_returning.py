"""`courses/views/user.py`: what was given up, or taken back, does not come back by itself."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

COURSE, ENROLMENT, REVIEW = "course-peer", "enrollment-completed", "review-registered"
WORDS = "On second thoughts it is a very good course, and I would take it again."


@finding("policy 9", commits=True, kind=Kind.EFFECT)
def coming_back_certifies_nothing(on: Probe) -> None:
    """Whoever has finished a course, left it and enrols again holds no valid certificate of it."""
    enrolment = on.row(ENROLMENT)
    on.rows("courses.Course").filter(pk=on.key(COURSE)).update(has_certificate=True)
    _work_through(on, enrolment)
    left = on.send("enrollments.unenroll", ENROLMENT, by="registered", body={})
    if left.status not in {200, 204}:
        raise CannotAsk(f"the course is not left: {left.summary}")

    again = on.send("courses.enroll", COURSE, by="registered", body={})
    if again.status not in {200, 201}:
        raise NotApplicable(f"who has left does not come back: {again.summary}")

    own = on.rows("courses.Certificate").filter(
        enrollment__user=enrolment.user_id, enrollment__course=on.key(COURSE)
    )
    valid = list(own.filter(is_valid=True).values_list("certificate_number", flat=True))
    assert valid == [], f"after coming back there is a valid certificate: {', '.join(valid)}"


def _work_through(on: Probe, enrolment: Any) -> None:
    """Every lesson of the course is completed; nothing is told of it, since the enrolment is completed already."""
    from django.utils import timezone

    progress, rows = on.model("courses.Progress"), on.rows("courses.Progress").filter(enrollment=enrolment)
    done = {"is_completed": True, "progress_percentage": 100, "completed_date": timezone.now()}
    rows.update(**done)
    known = set(rows.values_list("lesson", flat=True))
    lessons = on.rows("courses.Lesson").filter(module__course=enrolment.course_id).exclude(pk__in=known)
    progress._base_manager.bulk_create(
        [progress(enrollment=enrolment, lesson=lesson, **done) for lesson in lessons]
    )


@finding("policy 6", writes=True, kind=Kind.EFFECT)
def new_words_approve_no_review(on: Probe) -> None:
    """A review that staff has withdrawn stays so when its author writes it anew."""
    review = on.row(REVIEW)
    on.target.change("courses.Review", review.pk, {"is_approved": False})

    on.send("reviews.partial_update", REVIEW, by="registered", body={"content": WORDS})

    assert not on.row(REVIEW).is_approved, "its author has approved it by writing it anew"
