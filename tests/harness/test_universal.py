"""What no answer may do, whatever was promised."""

from __future__ import annotations

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.judging.universal import Asked, canaries_above, shared_by_caches
from coursegate.harness.observation import Answer, Exchange, Request, ServerError
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import answer, judged, kinds_of, whole


def test_crash_and_hang_are_told_as_such(contract: Contract, world: World) -> None:
    """A crash is told with its place, a hang with the line it stands in, whatever was promised."""
    cell = "lessons.retrieve/lesson-premium/guest"
    crash = Answer(500, {}, b"", error=ServerError("KeyError", "'tier'", "courses/views/public.py:12"))

    assert kinds_of(contract, world, cell, crash) == [Kind.ERROR]
    assert kinds_of(contract, world, cell, Answer(0, {}, b"", hang="courses/signals.py:3")) == [Kind.HANG]
    assert kinds_of(contract, world, cell, answer(503, {"detail": "no"})) == [Kind.ERROR]


def test_closed_key_is_a_leak_even_as_a_boolean(contract: Contract, world: World) -> None:
    """`is_correct: false` tells a learner as much as `true`; null, absent and an empty text tell nothing."""
    cell = "lessons.retrieve/lesson-registered/premium"
    lesson = whole(world, "lesson-registered")
    nested = {"assessment": {"questions": [{"answers": [{"is_correct": False}]}]}}

    assert kinds_of(contract, world, cell, answer(200, lesson | nested)) == [Kind.LEAK]
    for nothing in (None, ""):
        told = lesson | {"assessment": {"is_correct": nothing}}
        assert kinds_of(contract, world, cell, answer(200, told)) == []


def test_error_by_field_is_no_leak_of_the_field(contract: Contract, world: World) -> None:
    """A refused password is named in the errors: that says nothing about a stored one, a canary there still does."""
    cell = "register.create/nothing-with-weak-password/guest"
    email = world.planted["premium"]["email"]

    assert kinds_of(contract, world, cell, answer(400, {"password": ["Too short."]})) == []
    assert kinds_of(contract, world, cell, answer(400, {"password": [f"Like {email}."]})) == [Kind.LEAK]


def test_own_words_in_a_refusal_are_no_leak(contract: Contract, world: World) -> None:
    """A refusal may repeat the value that it refuses; what the caller did not send is a leak in it, and all of a success."""
    title = world.planted["course-draft"]["title"]
    slug = f"{title}-as-a-slug"
    request = Request("POST", "/api/instructor/modules/", "peer", {}, {"course": slug, "title": "a"})
    asked = Asked("instructor-modules.create", "peer", world, contract.declassified)

    def leaked(status: int, text: str) -> bool:
        return bool(list(canaries_above(Exchange(request, answer(status, {"course": [text]})), asked)))

    assert not leaked(400, f"No course is called {slug}.")
    assert leaked(400, f"{slug} is {title}.")
    assert leaked(201, f"No course is called {slug}.")


def test_links_to_further_pages_repeat_the_query(contract: Contract, world: World) -> None:
    """A link that holds the parameter which was sent says nothing; its value in a row is a leak."""
    slug = f"{world.planted['course-draft']['title']}-as-a-slug"
    sent = Request("GET", f"/api/courses/?course={slug}&page=2", "registered", {}, None)
    asked = Asked("courses.list", "registered", world, contract.declassified)

    def leaked(shown: object) -> bool:
        return bool(list(canaries_above(Exchange(sent, answer(200, shown)), asked)))

    assert not leaked({"previous": f"http://localhost/api/courses/?course={slug}"})
    assert not leaked({"login": f"/login?next=%2Fapi%2Fcourses%2F%3Fcourse%3D{slug}"})
    assert leaked({"previous": f"http://localhost/api/courses/?course={slug}", "results": [{"slug": slug}]})


@pytest.mark.parametrize(
    ("headers", "shared"),
    [
        ({"Cache-Control": "public, max-age=60"}, True),
        ({"Cache-Control": "max-age=0, s-maxage=60", "Vary": "Accept-Language"}, True),
        ({"Cache-Control": "public, max-age=60", "Vary": "Accept, Authorization"}, False),
        ({"Cache-Control": "private, max-age=60"}, False),
        ({"Cache-Control": "public, no-cache"}, False),
        ({}, False),
    ],
)
def test_answers_to_one_are_not_kept_for_others(headers: dict[str, str], shared: bool) -> None:
    """What caches may keep of an answer to credentials varies by them, or is told; guests may be answered for all."""
    operation = load_contract().api.operations["lessons.retrieve"]

    def told(sent: dict[str, str]) -> list[Kind]:
        exchange = Exchange(Request("GET", "/api/lessons/1/", "premium", sent), Answer(200, headers, b"{}"))
        return [problem.kind for problem in shared_by_caches(exchange, operation)]

    assert told({"Authorization": "Bearer it"}) == ([Kind.LEAK] if shared else [])
    assert told({}) == []


def test_closed_resource_may_stand_with_its_title(contract: Contract, world: World) -> None:
    """A premium resource may be named to everybody; where it lies may not (policy 4)."""
    cell, lesson = "lessons.retrieve/lesson-guest/registered", whole(world, "lesson-guest")
    held = world.planted["resource-premium-on-guest-lesson"]

    def told(*names: str) -> list[Kind]:
        row = {name: held[name] for name in names}
        return kinds_of(contract, world, cell, answer(200, lesson | {"resources": [row]}))

    without = told()
    assert told("title") == without
    for name in ("url", "storage_key", "file"):
        assert told("title", name) == [Kind.LEAK, *without]


def test_what_goes_by_a_promise_of_its_own_breaks_that(contract: Contract, world: World) -> None:
    """A lesson of an unknown level that is shown breaks policy 1 alone; with another one beside, what the row is about."""
    cell = "lessons.retrieve/lesson-premium/guest"
    unknown, premium = (world.planted[name]["content"] for name in ("lesson-unknown-level", "lesson-premium"))

    alone, *_ = judged(contract, world, cell, answer(200, {"id": 1, "content": unknown}))
    first, *_ = judged(contract, world, cell, answer(200, {"id": 1, "content": f"{unknown} {premium}"}))

    assert (alone.about, first.about) == ("policy 1", "")
