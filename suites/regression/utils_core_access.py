"""`courses/utils/core.py`: somebody's level, and whether a lesson is open, as code that imports the question is told."""

from __future__ import annotations

from datetime import timedelta

from coursegate.harness.client import CannotAsk, NotApplicable
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


@finding("COMPAT-01", "ARCH-01", kind=Kind.LEAK, cases=PEOPLE)
def no_closed_lesson_is_said_to_be_open(on: Probe, principal: str) -> None:
    """`check_lesson_access` calls no lesson open that the API does not open for the caller: by level, role or preview."""
    check, user = on.name(QUESTION), on.account(principal)
    opens = _opens(on, principal)

    said = {name: check(user, on.row(name)) for name in opens}

    if not all(isinstance(answer, bool) for answer in said.values()):
        raise NotApplicable("it does not answer by yes or no")
    wrong = [name for name, answer in said.items() if answer and not opens[name]]
    assert wrong == [], f"open, it says, are {', '.join(wrong)}"


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


@finding("policy 1", commits=True, kind=Kind.LEAK)
def a_subscription_that_goes_to_another_account_opens_nothing_to_the_former(on: Probe) -> None:
    """Who has had a subscription that now belongs to another account reads as without one, on the very next request."""
    words = on.world.planted["lesson-premium"]["content"]
    subscription, replaced = on.row("premium-subscription"), on.row("registered-subscription")
    label = subscription._meta.label
    if words not in on.send("lessons.retrieve", "lesson-premium", by="premium").text:
        raise CannotAsk("who pays is not shown the lesson to begin with")

    try:
        on.target.remove(label, replaced.pk)  # an account has one subscription at most
        on.target.change(label, subscription.pk, {"user_id": replaced.user_id})
    except CannotAsk as refusal:
        raise NotApplicable(f"a subscription does not go to another account: {refusal}") from None

    assert words not in on.send("lessons.retrieve", "lesson-premium", by="premium").text, (
        "they are still shown the lesson"
    )
