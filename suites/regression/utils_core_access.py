"""`courses/utils/core.py`: somebody's level, and whether a lesson is open, as code that imports the question is told."""

from __future__ import annotations

from datetime import timedelta

from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

QUESTION = "courses.utils.core.check_lesson_access"
LEVEL = "courses.utils.core.get_user_access_level"
PEOPLE = {
    name: {"principal": name}
    for name in ("guest", "registered", "premium", "lapsed", "owner", "peer", "former", "staff")
}


def _opens(on: Probe, principal: str) -> dict[str, bool]:
    """Each lesson that exists for somebody, by name, and whether it opens; who asks has found it before."""
    known = {
        key: name
        for key, name in on.world.rows_of("courses.Lesson").items()
        if principal in on.world.contract.objects[name].exists
    }
    opened = on.world.rows_for("courses.Lesson", principal)
    assert opened, f"the world holds no lesson for {principal}"
    return {name: key in opened for key, name in known.items()}


def _wrong(said: dict[str, bool], expected: dict[str, bool]) -> str:
    """What is said to be open, or closed, although it is not; "" where all is as expected."""
    for_nothing = {
        state: sorted(name for name in said if said[name] is state is not expected[name])
        for state in (True, False)
    }
    return "; ".join(
        f"{'open' if state else 'closed'}, it says, are {', '.join(names)}"
        for state, names in for_nothing.items()
        if names
    )


@finding("COMPAT-01", "ARCH-01", kind=Kind.LEAK, cases=PEOPLE)
def a_lesson_is_open_to_whom_it_opens(on: Probe, principal: str) -> None:
    """`check_lesson_access` says of a lesson that one can find what the API shows: open by level, role, preview, or not."""
    check, user = on.name(QUESTION), on.account(principal)
    expected = _opens(on, principal)

    said = {name: bool(check(user, on.row(name))) for name in expected}

    assert not (wrong := _wrong(said, expected)), wrong


@finding(
    "COMPAT-01", "ARCH-01", kind=Kind.LEAK, cases={name: PEOPLE[name] for name in ("registered", "premium")}
)
def without_a_user_it_is_asked_for_the_request(on: Probe, principal: str) -> None:
    """Asked for nobody but with a request, `check_lesson_access` answers for whoever sent that."""
    check, request = on.name(QUESTION), request_of(on.row(principal))
    expected = _opens(on, principal)

    said = {name: bool(check(None, on.row(name), request=request)) for name in expected}

    assert not (wrong := _wrong(said, expected)), wrong


@finding("ARCH-01", kind=Kind.LEAK, commits=True)
def what_is_rolled_back_opens_nothing(on: Probe) -> None:
    """A subscription whose renewal is rolled back opens nothing afterwards, whoever has asked for the level meanwhile."""
    from django.db import transaction
    from django.utils import timezone

    level, lapsed = on.name(LEVEL), on.row("lapsed")
    on.target.clear_caches()

    with transaction.atomic():
        subscription = on.row("lapsed-subscription")
        subscription.end_date = timezone.now() + timedelta(days=30)
        subscription.save()
        level(request_of(lapsed))
        transaction.set_rollback(True)

    assert level(request_of(on.row("lapsed"))) == "registered"
    answer = on.send("lessons.retrieve", "lesson-premium", by="lapsed")
    assert on.world.planted["lesson-premium"]["content"] not in answer.text, "the lesson is shown to them"
