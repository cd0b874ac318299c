"""`courses/permissions.py`: what code that imports its questions is told of somebody who has just come or gone."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

PERMISSIONS = "courses.permissions"
COURSE = "course-open"


def _asked(on: Probe, name: str, who: str) -> Callable[[], bool]:
    """A question about somebody and the course, to be asked again and again; each time of fresh rows."""
    question = on.name(f"{PERMISSIONS}.{name}")
    return lambda: bool(question(on.row(who), on.row(COURSE)))


@finding("policy 8", commits=True, kind=Kind.LEAK)
def who_has_left_is_not_enrolled(on: Probe) -> None:
    """Who has left a course is not said to be enrolled any more, right after it was said that they are."""
    asked = _asked(on, "is_user_enrolled_cached", "registered")
    if not asked():
        raise CannotAsk("a learner is not said to be enrolled to begin with")

    left = on.send("enrollments.unenroll", "enrollment-registered", by="registered", body={})
    if left.status not in {200, 204}:
        raise NotApplicable(f"the course is not left: {left.summary}")

    assert not asked(), "they are still said to be enrolled"


@finding("policy 7", commits=True, kind=Kind.LEAK)
def who_hands_a_course_over_does_not_teach_it(on: Probe) -> None:
    """Whose place at a course is given to another account is not said to teach it any more, and the other one is."""
    former, heir = (_asked(on, "is_user_instructor_cached", who) for who in ("assistant", "registered"))
    row = on.row("assistant-of-course-open")
    if not former() or heir():
        raise CannotAsk("who teaches the course is not said to begin with")

    on.target.change(row._meta.label, row.pk, {"instructor_id": on.key("registered")})

    assert (former(), heir()) == (False, True)


@finding("policy 8", writes=True, kind=Kind.LEAK)
def enrolments_asked_after_together_are_those_asked_after_alone(on: Probe) -> None:
    """Whether somebody is enrolled in courses is told of several at once as of each by itself: not where they have left."""
    together, alone = (
        on.name(f"{PERMISSIONS}.{name}") for name in ("bulk_check_enrollments", "is_user_enrolled_cached")
    )
    courses = {name: on.row(name) for name in (COURSE, "course-peer", "course-featured")}
    left = on.row("enrollment-premium")
    on.target.change(left._meta.label, left.pk, {"status": "unenrolled"})

    for who in ("registered", "premium"):
        user = on.row(who)
        told = together(user, [row.pk for row in courses.values()])
        if not isinstance(told, dict):
            raise NotApplicable("it does not tell by the keys of courses")
        expected = {name: bool(alone(user, row)) for name, row in courses.items()}
        assert {name: bool(told.get(row.pk)) for name, row in courses.items()} == expected, who
