"""Journeys notice what no single answer shows: a lost write, a second enrolment, a stale page, a limit not kept."""

from __future__ import annotations

import json

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.load.cast import Cast
from coursegate.load.oracle import Reply
from coursegate.load.order import Throttle
from coursegate.load.rows import OK
from coursegate.load.scenarios.catalogue import SCENARIOS
from coursegate.load.scenarios.editing import INSTRUCTOR_EDITING
from coursegate.load.scenarios.enrolling import ENROLLING
from coursegate.load.scenarios.publishing import INSTRUCTOR_PUBLISHING
from coursegate.load.scenarios.throttle_probe import THROTTLE_PROBE
from coursegate.load.scenarios.verifying import CERTIFICATE_VERIFICATION
from coursegate.load.scenarios.watching import PREMIUM_WATCHING
from coursegate.load.visit import Asked
from coursegate.tests.load.scripted import Answers, Script, cast_of, said, travel


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def lesson(cast: Cast) -> Answers:
    def show(asked: Asked, _: int) -> Reply:
        key = int(asked.path.rstrip("/").rpartition("/")[2])
        name = next(name for name, known in cast.world.ids.items() if known == key)
        return said(200, {"id": key, "content": cast.world.planted[name]["content"]})

    return {"lessons.retrieve": show}


def progress(cast: Cast, *, loses: int = -1) -> Answers:
    """Progress that is kept, but for the write of that number."""
    held = {"id": 7, "time_spent": 0}

    def save(asked: Asked, number: int) -> Reply:
        if number != loses:
            held["time_spent"] = json.loads(asked.body or "{}")["time_spent"]
        return said(200, held)

    return {
        **lesson(cast),
        "progress.create": lambda *_: said(201, held),
        "progress.partial_update": save,
        "progress.retrieve": lambda *_: said(200, held),
    }


def test_progress_that_is_kept_is_fine(contract: Contract) -> None:
    """A learner who reads what they wrote has nothing to tell."""
    cast = cast_of(contract)
    script = travel(PREMIUM_WATCHING, cast, progress(cast))
    assert (script.invariants, {row.outcome for row in script.rows}) == ([], {OK})


def test_a_lost_write_is_noticed(contract: Contract) -> None:
    """A save that was answered 200 and is not there afterwards is a lost update."""
    cast = cast_of(contract)
    assert travel(PREMIUM_WATCHING, cast, progress(cast, loses=1)).invariants == ["lost-update"]


def test_a_lost_bulk_update_is_noticed(contract: Contract) -> None:
    """An instructor's bulk update that leaves the lesson as it was is a lost update."""
    cast = cast_of(contract)

    def show(asked: Asked, _: int) -> Reply:
        return said(200, {"id": int(asked.path.split("/")[-2]), "duration_minutes": -1})

    answers = {
        "draft-content.bulk_update": lambda *_: said(200, {"updated": 1}),
        "draft-content.retrieve": show,
        "draft-content.reorder": lambda *_: said(200, {"updated": 1}),
    }
    assert travel(INSTRUCTOR_EDITING, cast, answers).invariants == ["lost-update"]


def enrolments(count: int) -> Answers:
    """A target that answers both presses as promised, and then lists so many enrolments in that course."""
    courses: list[int] = []

    def press(asked: Asked, number: int) -> Reply:
        courses.append(json.loads(asked.body or "{}")["course_id"])
        return said(400 if number else 201, {"id": 1, "detail": "enrolled already"})

    def listed(*_: object) -> Reply:
        ended = {"id": 90, "course": {"id": courses[0]}, "status": "unenrolled"}
        active = [{"id": n, "course": {"id": courses[0]}, "status": "active"} for n in range(count)]
        return said(200, [ended, *active])

    return {
        "enrollments.create": press,
        "enrollments.list": listed,
        "enrollments.unenroll": lambda *_: said(200, {"detail": "left"}),
    }


@pytest.mark.parametrize(("count", "told"), [(0, ["enrolled-twice"]), (1, []), (2, ["enrolled-twice"])])
def test_two_presses_make_one_enrolment(contract: Contract, count: int, told: list[str]) -> None:
    """After two presses exactly one enrolment stands; ended ones do not count."""
    assert travel(ENROLLING, cast_of(contract), enrolments(count)).invariants == told


@pytest.mark.parametrize(
    ("published", "withdrawn", "told"),
    [(200, 404, []), (404, 404, ["stale-publication"]), (200, 200, ["stale-publication"])],
)
def test_publication_takes_effect_at_once(
    contract: Contract, published: int, withdrawn: int, told: list[str]
) -> None:
    """A guest sees a course right after it was published, and no more right after it was withdrawn."""
    body = {"id": 5, "slug": "new-course"}
    answers: Answers = {
        "courses.create": lambda *_: said(201, body),
        "draft-modules.create": lambda *_: said(201, {"id": 6}),
        "draft-lessons.create": lambda *_: said(201, {"id": 7}),
        "courses.publish": lambda *_: said(200, body),
        "courses.unpublish": lambda *_: said(200, body),
        "courses.destroy": lambda *_: said(204),
        "courses.retrieve": lambda _, number: said((published, withdrawn)[number], body),
    }
    script = travel(INSTRUCTOR_PUBLISHING, cast_of(contract), answers)
    assert script.invariants == told
    assert (
        "Authorization"
        not in next(one for one in script.asked if one.operation == "courses.retrieve").headers
    )


def probe(contract: Contract, accepted: int, after: str = "60") -> Script:
    def sign_in(_: Asked, number: int) -> Reply:
        return said(200, {"access": "x"}) if number < accepted else said(429, {}, **{"Retry-After": after})

    cast = cast_of(contract, Throttle(10, 60.0))
    return travel(THROTTLE_PROBE, cast, {"login.create": sign_in})


@pytest.mark.parametrize(
    ("accepted", "told"),
    [
        (10, []),
        (14, []),
        (15, ["throttle-not-kept"]),
        (20, ["throttle-not-kept"]),
        (9, ["throttle-not-kept"]),
    ],
)
def test_a_limit_holds_for_all_processes_together(contract: Contract, accepted: int, told: list[str]) -> None:
    """Two processes that count each for itself let twice as many through."""
    assert probe(contract, accepted).invariants == told


@pytest.mark.parametrize("after", ["", "0", "61", "soon"])
def test_a_refusal_says_when_to_come_back(contract: Contract, after: str) -> None:
    """Retry-After lies within the window."""
    assert probe(contract, 10, after).invariants == ["throttle-not-kept"]


def test_a_limit_that_nobody_knows_is_not_probed(contract: Contract) -> None:
    """Without a limit the probe asks nothing and says why."""
    script = travel(THROTTLE_PROBE, cast_of(contract), {})
    assert (script.asked, list(script.notes)) == ([], ["throttle-probe"])


def test_a_revoked_certificate_is_not_valid(contract: Contract) -> None:
    """A revoked certificate that verifies as genuine is told."""
    unknown = contract.api.operations["certificates.verify"].missing

    def verify(asked: Asked, _: int) -> Reply:
        number = asked.path.split("/")[-2]
        known = {"certificate_number": number, "is_valid": True}
        return said(404, {}) if number == unknown else said(200, known)

    assert travel(
        CERTIFICATE_VERIFICATION, cast_of(contract), {"certificates.verify": verify}
    ).invariants == ["wrong-certificate"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_operation_of_a_scenario_is_of_the_contract(contract: Contract, name: str) -> None:
    """A scenario asks nothing that the contract does not describe."""
    assert set(SCENARIOS[name].operations) <= contract.api.operations.keys()
    assert set(SCENARIOS[name].principals) <= {"guest", *contract.world.principals}
