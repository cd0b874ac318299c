"""What is no longer to be shown, while somebody is asking for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coursegate.harness.client import CannotAsk
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, enrolled, fresh_course, succeeded
from coursegate.suites.concurrency.race import Action, Proof, Scene, race

CERTIFICATE = "courses.Certificate"
# Whichever of the two is on its way when the other one comes: either may leave something old in a cache.
ORDERS = {"asked-first": {"asked_first": True}, "withdrawn-first": {"asked_first": False}}


@race(
    "policy 3",
    watched=["courses.Course"],
    operation="courses.unpublish",
    proofs=[Proof.EVERY_STEP],
    cases=ORDERS,
)
def unpublishing_while_it_is_listed(arena: Arena, asked_first: bool) -> Scene:
    """A course that is withdrawn while somebody asks for the list is not in the next one."""
    course, _ = fresh_course(arena)
    ask = arena.request("courses.list", by="guest")
    withdraw = arena.request("courses.unpublish", course.slug, by="staff")
    return _scene(arena, ask, withdraw, lambda answer: course.slug in answer.text, asked_first)


@race(
    "VIEW-14",
    watched=[CERTIFICATE],
    operation="enrollments.unenroll",
    proofs=[Proof.EVERY_STEP],
    cases=ORDERS,
)
def leaving_while_it_is_verified(arena: Arena, asked_first: bool) -> Scene:
    """A certificate that is revoked while somebody verifies it is not valid the next time."""
    course, _ = fresh_course(arena)
    enrolment = enrolled(arena, "premium", course)
    certificate = arena.new(CERTIFICATE, enrollment=enrolment)
    ask = arena.request("certificates.verify", certificate.certificate_number, by="guest")
    leave = arena.request("enrollments.unenroll", str(enrolment.pk), by="premium")
    return _scene(arena, ask, leave, lambda answer: answer.json.get("is_valid") is True, asked_first)


def _scene(
    arena: Arena, ask: Action, withdraw: Action, shows: Callable[[Any], bool], asked_first: bool
) -> Scene:
    """What is shown at first, with cold caches when the race begins, and not when it is over.

    Raises:
        CannotAsk: it is not shown at first.
    """
    if (before := ask()).status != 200 or not shows(before):
        raise CannotAsk(f"it is not shown to begin with: {before.summary}")
    arena.bound.target.clear_caches()

    def verify(given: Sequence[Any]) -> Iterator[str]:
        withdrawn = given[1] if asked_first else given[0]
        if not succeeded([withdrawn]):
            yield f"it is not withdrawn: {answered([withdrawn])}"
        elif (after := ask()).status == 200 and shows(after):
            yield "the next request still shows it"

    return Scene([ask, withdraw] if asked_first else [withdraw, ask], verify)
