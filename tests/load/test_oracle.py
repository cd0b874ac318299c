"""Under load an answer is held to what the contract promises without load."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.world import Account, World
from coursegate.load.cast import Cast
from coursegate.load.oracle import Reply, Wanted
from coursegate.load.people import Person
from coursegate.load.rows import FAILED, OK, THROTTLED, WRONG
from coursegate.tests.harness.imagined import imagined_world

GUEST, PREMIUM = Person("guest", "guest"), Person("premium", "premium")
STAND_IN = Person("premium-bystander", "premium")


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def cast(contract: Contract) -> Cast:
    return Cast(imagined_world(contract), contract)


def shown(world: World, name: str, *fields: str) -> Reply:
    body = {"id": world.ids[name], **{field: world.planted[name][field] for field in fields}}
    return Reply(200, json.dumps(body).encode())


def opinion(cast: Cast, person: Person, subject: str, reply: Reply) -> tuple[str, str]:
    found = cast.oracle.opinion(person, "lessons.retrieve", cast.wanted(subject, person), reply)
    return found.outcome, found.invariant


def test_who_paid_receives_what_was_sold(cast: Cast) -> None:
    """A premium lesson shows its content to a premium learner."""
    reply = shown(cast.world, "lesson-premium", "title", "content")
    assert opinion(cast, PREMIUM, "lesson-premium", reply) == (OK, "")
    assert opinion(cast, STAND_IN, "lesson-premium", reply) == (OK, "")


def test_a_canary_above_the_clearance_is_a_leak(cast: Cast) -> None:
    """A guest who receives the content of a premium lesson has received a leak."""
    reply = shown(cast.world, "lesson-premium", "title", "content")
    assert opinion(cast, GUEST, "lesson-premium", reply) == (WRONG, "leak")


def test_a_canary_in_a_header_is_a_leak(cast: Cast) -> None:
    """An answer whose body has been judged before may still leak in its headers."""
    plain = shown(cast.world, "lesson-premium", "title")
    assert opinion(cast, GUEST, "lesson-premium", plain)[0] == OK
    header = {"X-Title": cast.world.planted["lesson-premium"]["content"]}
    assert opinion(cast, GUEST, "lesson-premium", Reply(200, plain.body, header)) == (WRONG, "leak")


def test_a_stand_in_owns_nothing_of_the_principal(cast: Cast) -> None:
    """Another premium learner may not see the first one's notes on their progress."""
    reply = shown(cast.world, "progress-premium", "notes")
    assert opinion(cast, STAND_IN, "lesson-premium", reply) == (WRONG, "leak")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(200, b""), (WRONG, "empty")),
        (Reply(200, b"<html>"), (WRONG, "empty")),
        (Reply(200, b"{}"), (WRONG, "empty")),
        (Reply(200, b'{"id": 1}'), (WRONG, "mixed-up")),
        (Reply(500, b"{}"), (FAILED, "")),
        (Reply(404, b"{}"), (FAILED, "")),
        (Reply(0, error="TimeoutError"), (FAILED, "")),
        (Reply(429, b"{}"), (THROTTLED, "")),
    ],
)
def test_an_answer_that_was_not_promised_is_told(cast: Cast, reply: Reply, outcome: tuple[str, str]) -> None:
    """A premium learner asks for a lesson that is open, and gets something else."""
    assert opinion(cast, PREMIUM, "lesson-premium", reply) == outcome


def test_what_was_paid_for_must_be_there(cast: Cast) -> None:
    """A premium learner who is shown the teaser has been withheld the lesson."""
    assert opinion(cast, PREMIUM, "lesson-premium", shown(cast.world, "lesson-premium", "title")) == (
        WRONG,
        "withheld",
    )


@pytest.mark.parametrize(
    ("body", "outcome"), [({"results": []}, WRONG), ({"results": [{}]}, OK), ([], WRONG), ([{}], OK)]
)
def test_a_list_that_cannot_be_empty_has_rows(
    cast: Cast, body: Mapping[str, object] | list[object], outcome: str
) -> None:
    """A list of published courses always has some."""
    reply = Reply(200, json.dumps(body).encode())
    assert cast.oracle.opinion(GUEST, "courses.list", Wanted(rows_at=()), reply).outcome == outcome


def test_what_may_be_written_is_shared_out(contract: Contract) -> None:
    """Two generator processes never write the same row."""
    world = imagined_world(contract)
    world.accounts["premium"] = Account("premium@example.org", "never sent")
    shares = [Cast(world, contract, (index, 2)).studies for index in range(2)]
    assert len(shares[0]) + len(shares[1]) == len(Cast(world, contract).studies) > 0
