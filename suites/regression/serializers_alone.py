"""`courses/serializers/core.py`: code that serialises a row by itself is given no more than the API gives."""

from __future__ import annotations

from coursegate.harness.client import NotApplicable
from coursegate.harness.judging.universal import Asked, canaries_above
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

# Row -> the operation and the serializer that show it: much of what hangs below is hidden from somebody.
SHOWN = {
    "course-open": ("courses.retrieve", "courses.serializers.CourseDetailSerializer"),
    "course-archived": ("courses.retrieve", "courses.serializers.CourseDetailSerializer"),
    "module-open": ("modules.retrieve", "courses.serializers.ModuleDetailSerializer"),
    "lesson-registered": ("lessons.retrieve", "courses.serializers.LessonSerializer"),
    "lesson-premium": ("lessons.retrieve", "courses.serializers.LessonSerializer"),
    "lesson-preview": ("lessons.retrieve", "courses.serializers.LessonSerializer"),
}
PEOPLE = ("registered", "premium", "owner")


@finding(
    "COMPAT-01",
    "ARCH-04",
    kind=Kind.LEAK,
    cases={f"{row}-{who}": {"subject": row, "principal": who} for row in SHOWN for who in PEOPLE},
)
def a_row_by_itself_shows_nothing_protected(on: Probe, subject: str, principal: str) -> None:
    """A serializer that is handed a row and a request shows nothing that is not for the caller, prepared or not."""
    operation, path = SHOWN[subject]
    answered = on.send(operation, subject, by=principal)
    if answered.status in {402, 403, 404}:
        raise NotApplicable(f"the API does not show it to {principal} at all: {answered.summary}")
    assert answered.status == 200

    leaks = _leaks(on, path, subject, Asked(operation, principal, on.world, on.contract.declassified))
    assert leaks == [], f"by itself: {'; '.join(leaks)}"


ATTEMPT = "courses.serializers.AssessmentAttemptSerializer"


@finding("policy 5", kind=Kind.LEAK)
def an_attempt_shows_its_learner_no_solution(on: Probe) -> None:
    """A learner who is shown an attempt of their own reads nothing in it that is for the team, such as the feedback."""
    asked = Asked("", "registered", on.world, on.contract.declassified)

    leaks = _leaks(on, ATTEMPT, "attempt-registered", asked)
    assert leaks == [], "; ".join(leaks)


def _leaks(on: Probe, path: str, subject: str, asked: Asked) -> list[str]:
    """What a serializer that is handed a row shows although it is not for whom it is asked."""
    from rest_framework.renderers import JSONRenderer

    alone = on.name(path)(on.row(subject), context={"request": request_of(on.row(asked.principal))}).data
    assert alone, "nothing is shown"
    given = Answer(200, {}, JSONRenderer().render(alone))
    request = Request("GET", "", asked.principal)
    return [problem.text for problem in canaries_above(Exchange(request, given), asked)]
