"""Who may see what of the world once a change of standing has been made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.contracts.standing import Change
from coursegate.suites.standing.aftermath import contract_after, world_after
from coursegate.suites.standing.cases import checks
from coursegate.tests.harness.imagined import imagined_world


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def _change(contract: Contract, name: str) -> Change:
    return next(change for change in contract.standing if change.name == name)


def test_unpublished_course_takes_its_content_along(contract: Contract) -> None:
    """What hangs below an unpublished course is for its team alone; what learners have of it stays theirs."""
    after = contract_after(contract.world, _change(contract, "unpublishing")).objects

    assert after["course-open"].opens == contract.world.objects["course-draft"].opens
    for name in ("module-open", "lesson-guest", "lesson-premium", "resource-premium-on-guest-lesson"):
        assert after[name].exists <= after["course-open"].exists
    assert after["enrollment-registered"] == contract.world.objects["enrollment-registered"]
    assert after["course-peer"] == contract.world.objects["course-peer"]
    progress = contract.world.objects["progress-registered"]
    assert after["progress-registered"] == replace(progress, listed=frozenset())


def test_courses_of_a_closed_category_stay(contract: Contract) -> None:
    """A category that is closed takes no course along: other courses of closed categories are there for everybody."""
    after = contract_after(contract.world, _change(contract, "closing-of-category")).objects

    assert after["category-open"].opens == {"staff"}
    assert after["course-open"] == contract.world.objects["course-open"]


def test_whoever_becomes_another_keeps_what_is_their_own(contract: Contract) -> None:
    """After a lapse the account may still read its own address, and nothing that premium alone opens."""
    world = imagined_world(contract)
    canaries = world_after(world, _change(contract, "lapse")).aviary.canaries.values()
    clearance = {(canary.object, canary.field): canary.clearance for canary in canaries}

    assert "lapsed" in clearance["premium-profile", "address"]
    assert "lapsed" not in clearance["lesson-premium", "content"]
    assert "lapsed" not in clearance["staff-profile", "address"]


def test_every_change_is_asked_about(contract: Contract) -> None:
    """Each change of the contract changes at least one answer, each check once, its outcome from the table."""
    found = checks(contract)

    assert {check.change.name for check in found} == {change.name for change in contract.standing}
    assert len({check.id for check in found}) == len(found)
    lapse = next(
        check for check in found if check.id == "standing/lapse/lessons.retrieve/lesson-premium/premium"
    )
    assert (lapse.before.expected, lapse.after.expected, lapse.after.principal) == (
        "full",
        "locked",
        "lapsed",
    )
