"""`courses/views/user.py`: a learner's own statistics, as they are now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from coursegate.harness.client import CannotAsk, rows_of
from coursegate.harness.observation import Answer, Request
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.suites.regression.finding import finding

STATISTICS = "user-progress-stats.retrieve"
LEGACY, SHORT = "user-progress-stats-legacy.retrieve", "me-stats.retrieve"
# When the answer was made may differ although nothing has happened.
APART = frozenset({"generatedAt", "generated_at"})


def _numbers(on: Probe, by: str, operation: str = STATISTICS) -> dict[str, Any]:
    answer = on.send(operation, by=by)
    if operation == SHORT:
        check_routed(operation, answer)
    return _told(answer)


def _told(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, f"the statistics are answered {answer.summary}"
    return {key: value for key, value in answer.json.items() if key not in APART}


def _progress(on: Probe, **values: Any) -> None:
    done = on.send("progress.partial_update", "progress-registered", by="registered", body=values)
    assert done.status == 200, f"{', '.join(values)} of a lesson is noted with {done.summary}"


def _complete_a_lesson(on: Probe) -> None:
    _progress(on, is_completed=True)


def _enrol(on: Probe) -> None:
    done = on.send("enrollments.create", by="registered", body={"course_id": on.key("course-long")})
    assert done.status == 201, f"enrolling is answered {done.summary}"


def _leave(on: Probe) -> None:
    done = on.send("enrollments.unenroll", "enrollment-completed", by="registered", body={})
    assert done.status == 200, f"leaving is answered {done.summary}"


# What a learner does, and which number it raises.
DEEDS = {
    "lesson": {"deed": _complete_a_lesson, "number": "completedLessons"},
    "enrolment": {"deed": _enrol, "number": "totalCourses"},
}


@finding("VIEW-15", needs="http", commits=True, cases=DEEDS)
def what_is_done_counts_at_once(on: Probe, deed: Any, number: str) -> None:
    """A lesson completed, a course begun: the statistics show it at once, however often they were asked for."""
    before = [_numbers(on, "registered", operation) for operation in (STATISTICS, LEGACY, STATISTICS)]
    assert before[0] == before[1] == before[2]

    deed(on)

    for operation in (STATISTICS, LEGACY):
        assert _numbers(on, "registered", operation)[number] == before[0][number] + 1


@finding("MOD-02", "VIEW-15", commits=True)
def nothing_is_done_of_no_lessons(on: Probe) -> None:
    """A lesson that is done and withdrawn counts among the lessons no more, and nobody has done more than all of them."""
    _complete_a_lesson(on)
    assert _numbers(on, "registered")["completedLessons"] > 0

    for module in on.rows("courses.Module").filter(is_published=True):
        module.is_published = False
        module.save()
    numbers = _numbers(on, "registered")

    assert numbers["totalLessons"] == 0
    assert numbers["completionPercentage"] <= 100


@finding("VIEW-15", commits=True)
def a_passed_assessment_counts_at_once(on: Probe) -> None:
    """An assessment that is passed shows in the statistics at once."""
    _numbers(on, "premium")
    before = _numbers(on, "premium")
    attempt = on.model("courses.AssessmentAttempt")(
        user_id=on.key("premium"),
        assessment_id=on.key("assessment-registered"),
        score=9,
        max_score=10,
        is_completed=True,
        is_passed=True,
    )

    attempt.save()

    assert _numbers(on, "premium")["assessmentsCompleted"] == before["assessmentsCompleted"] + 1


def _certify(on: Probe) -> None:
    number = on.name("courses.utils.core.generate_certificate_number")(
        on.key("course-open"), on.key("registered")
    )
    on.model("courses.Certificate")(
        enrollment=on.row("enrollment-registered"), certificate_number=number
    ).save()


def _revoke_by_update(on: Probe) -> None:
    _update(
        on, "certificate-registered", is_valid=False, revocation_date=_now(), revocation_reason="An error"
    )


def _complete_by_update(on: Probe) -> None:
    _update(on, "enrollment-registered", status="completed", progress_percentage=100, completion_date=_now())


def _learn_by_update(on: Probe) -> None:
    _update(on, "progress-registered", is_completed=True, progress_percentage=100, completed_date=_now())


def _update(on: Probe, name: str, **columns: Any) -> None:
    """Write past save() a state that is whole: a database may refuse half of one."""
    on.rows(on.contract.world.objects[name].model).filter(pk=on.key(name)).update(**columns)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def _spend_an_hour_by_update(on: Probe) -> None:
    row = on.row("progress-registered")
    on.rows("courses.Progress").filter(pk=row.pk).update(time_spent=row.time_spent + 3600)


# What is written past the API, some of it without a signal or a new date; None where the number is the backend's choice.
WRITTEN: dict[str, dict[str, Any]] = {
    "certificate": {"write": _certify, "number": "certificatesEarned"},
    "completed-by-update": {"write": _complete_by_update, "number": "coursesCompleted"},
    "lesson-by-update": {"write": _learn_by_update, "number": "completedLessons"},
    "hour-by-update": {"write": _spend_an_hour_by_update, "number": "hoursSpent"},
    "left": {"write": _leave, "number": None},
    "revoked-by-update": {"write": _revoke_by_update, "number": None},
}


@finding("VIEW-15", commits=True, cases=WRITTEN)
def what_is_written_counts_at_once(on: Probe, write: Any, number: str | None) -> None:
    """However a row is written, the statistics are at once what they are with empty caches."""
    before = [_numbers(on, "registered") for _ in range(2)][-1]

    write(on)

    at_once = _numbers(on, "registered")
    on.target.clear_caches()
    assert at_once == _numbers(on, "registered"), "what is shown is kept from before"
    if number is not None:
        assert at_once[number] == round(before[number] + 1, 2)


@finding("VIEW-15", needs="http", commits=True)
def nobody_gets_the_statistics_of_another(on: Probe) -> None:
    """Learners who ask one after the other are each shown their own numbers."""
    _complete_a_lesson(on)
    first = {by: _numbers(on, by) for by in ("registered", "premium", "lapsed")}
    assert first["registered"] != first["premium"], (
        "two learners who did different things have the same numbers"
    )

    again = {by: _numbers(on, by) for by in ("lapsed", "premium", "registered")}

    assert again == first


@finding("VIEW-15", commits=True)
def asking_again_costs_no_more(on: Probe) -> None:
    """Statistics that are asked for again cost no more queries, nor do those of a learner who did more."""
    costs = []
    for _ in range(2):
        with on.queries() as queries:
            _numbers(on, "registered")
        costs.append(len(queries))
    assert costs[1] <= costs[0]

    _enrol(on)
    with on.queries() as queries:
        _numbers(on, "registered")
    assert len(queries) <= costs[0], (
        f"with one course more they cost {len(queries)} queries instead of {costs[0]}"
    )


@finding("VIEW-15", commits=True)
def a_new_day_changes_nothing(on: Probe) -> None:
    """Whoever did nothing since has the same statistics after midnight."""
    _update(on, "progress-registered", last_accessed=_now())
    today, tomorrow = _seen_at(on, timedelta(0)), _seen_at(on, timedelta(days=1))

    assert tomorrow == today


@finding("VIEW-15", commits=True, cases={f"{days}-days-ago": {"days": days} for days in (7, 30, 90)})
def what_was_done_long_ago_does_not_end_at_midnight(on: Probe, days: int) -> None:
    """What was done so many days ago is told ten minutes after midnight as it is ten minutes before."""
    from django.utils import timezone

    now = timezone.localtime()
    noon = now.replace(hour=12, minute=0)
    lesson = on.rows("courses.Progress").filter(pk=on.key("progress-registered"))
    times = [field.name for field in lesson.model._meta.fields if "DateTime" in field.get_internal_type()]
    known = [name for name, value in lesson.values(*times).get().items() if value is not None]
    # What has not happened has no time; that the lesson was opened has.
    lesson.update(**dict.fromkeys([*known, "last_accessed"], noon - timedelta(days=days)))
    evening = now.replace(hour=23, minute=50) - now
    if evening < timedelta(0):
        raise CannotAsk("it is ten minutes to midnight where the backend is")

    before, after = _seen_at(on, evening), _seen_at(on, evening + timedelta(minutes=20))

    assert after == before


def _seen_at(on: Probe, when: timedelta) -> dict[str, Any]:
    """What a learner's statistics say so much later, with cold caches."""
    path = on.contract.api.operations[STATISTICS].path
    token = on.target.mint_token(on.key("registered"), timedelta(days=3))
    assert token, "the backend's token library makes no token that lasts"
    request = Request("GET", path, "registered", {"Authorization": f"Bearer {token}"})
    on.target.clear_caches()
    with on.target.later(when):
        return _told(on.target.send(request))


@finding(
    "VIEW-15", "UX-04", needs="http", cases={"legacy": {"operation": LEGACY}, "short": {"operation": SHORT}}
)
def every_address_gives_the_same(on: Probe, operation: str) -> None:
    """The statistics are the same under each of their addresses."""
    assert _numbers(on, "registered", operation) == _numbers(on, "registered")


ADDRESSES = {"first": STATISTICS, "legacy": LEGACY, "short": SHORT}


# Of the 36 seconds that are a hundredth of an hour: less than half of them, and more.
REMAINDERS = {"little-more": 6, "little-less": 30}


@finding(
    "UX-04",
    needs="http",
    writes=True,
    cases={
        f"{address}/{name}": {"operation": operation, "remainder": remainder}
        for address, operation in ADDRESSES.items()
        for name, remainder in REMAINDERS.items()
    },
)
def hours_are_those_of_all_lessons(on: Probe, operation: str, remainder: int) -> None:
    """`hours_spent` is the learner's time in hours, rounded to two decimals; `hoursSpent` says the same."""
    seconds = _spent(on, remainder)

    numbers = _numbers(on, "registered", operation)

    assert float(numbers["hours_spent"]) == round(seconds / 3600, 2)
    assert numbers["hoursSpent"] == numbers["hours_spent"]


def _spent(on: Probe, remainder: int) -> int:
    """The seconds that the learner's rows name, after a lesson has taken more of them; by 36 they leave `remainder`."""
    row = on.key("progress-registered")
    others = sum(seconds for key, seconds in _times(on).items() if key != row)
    spent = next(each for each in range(9999, 9999 + 36) if (others + each) % 36 == remainder)
    _progress(on, time_spent=spent)
    noted = sum(_times(on).values())
    if noted % 36 != remainder:  # what is sent is added to what there was
        _progress(on, time_spent=(remainder - noted) % 36)
        noted = sum(_times(on).values())
    assert noted >= 9999
    assert noted % 36 == remainder
    return noted


def _times(on: Probe) -> dict[Any, int]:
    """The seconds that each of the learner's rows names, by the key of the row."""
    rows = rows_of(on.send("progress.list", by="registered")) or []
    return {row["id"]: row["time_spent"] for row in rows}
