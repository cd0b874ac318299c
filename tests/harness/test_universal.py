"""What no answer may do, whatever was promised."""

from __future__ import annotations

from coursegate.contracts.contract import Contract
from coursegate.harness.observation import Answer, ServerError
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import answer, kinds_of, whole


def test_crash_and_hang_are_told_as_such(contract: Contract, world: World) -> None:
    """A crash is told with its place, a hang with the line it stands in, whatever was promised."""
    cell = "lessons.retrieve/lesson-premium/guest"
    crash = Answer(500, {}, b"", error=ServerError("KeyError", "'tier'", "courses/views/public.py:12"))

    assert kinds_of(contract, world, cell, crash) == [Kind.ERROR]
    assert kinds_of(contract, world, cell, Answer(0, {}, b"", hang="courses/signals.py:3")) == [Kind.HANG]
    assert kinds_of(contract, world, cell, answer(503, {"detail": "no"})) == [Kind.ERROR]


def test_closed_key_is_a_leak_even_as_a_boolean(contract: Contract, world: World) -> None:
    """`is_correct: false` tells a learner as much as `true`; null and absent tell nothing."""
    cell = "lessons.retrieve/lesson-registered/premium"
    lesson = whole(world, "lesson-registered")
    nested = {"assessment": {"questions": [{"answers": [{"is_correct": False}]}]}}

    assert kinds_of(contract, world, cell, answer(200, lesson | nested)) == [Kind.LEAK]
    assert kinds_of(contract, world, cell, answer(200, lesson | {"assessment": {"is_correct": None}})) == []


def test_error_by_field_is_no_leak_of_the_field(contract: Contract, world: World) -> None:
    """A refused password is named in the errors: that says nothing about a stored one, a canary there still does."""
    cell = "register.create/nothing-with-weak-password/guest"
    email = world.planted["premium"]["email"]

    assert kinds_of(contract, world, cell, answer(400, {"password": ["Too short."]})) == []
    assert kinds_of(contract, world, cell, answer(400, {"password": [f"Like {email}."]})) == [Kind.LEAK]
