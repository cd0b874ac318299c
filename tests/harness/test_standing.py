"""What is missing of a world is told by its causes, not by each of a hundred objects that hang on them."""

from __future__ import annotations

from typing import Any, cast

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.client import Client, NotApplicable
from coursegate.harness.preflight.standing import world_rung
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import KEPT_OUT, World


def test_one_cause_is_told_once() -> None:
    """Objects that are missing for one reason share a line, what hangs on them comes last, tables before both."""
    world = World(load_contract().world, "seed")
    world.missing |= {
        "owner": "no model users.CustomUser",
        "course-open": "needs owner: no model users.CustomUser",
        **dict.fromkeys(("peer", "staff", "guest-of-honour", "former"), "no model users.CustomUser"),
        "lesson-guest": "needs course-open: needs owner: no model users.CustomUser",
        "category-open": "ValueError: no",
    }

    rung = world_rung(world, ["a table is gone"])

    assert rung.verdict is Verdict.FAIL
    assert list(rung.causes) == [
        "a table is gone",
        "owner, peer, staff and 2 more: no model users.CustomUser",
        "category-open: ValueError: no",
        "what needs these is missing, too: course-open, lesson-guest",
    ]


def test_what_may_help_is_told_where_something_is_wrong() -> None:
    """A hint stands behind what went wrong, and nowhere else."""
    world = World(load_contract().world, "seed")

    assert world_rung(world, hint="there is another").causes == ()
    assert world_rung(world, ["a table is gone"], "there is another").causes == (
        "a table is gone",
        "there is another",
    )


def test_what_a_database_may_keep_out_fails_nothing() -> None:
    """A row that a constraint keeps out is noted, and what would be asked of it is not applicable."""
    contract = load_contract()
    world = World(contract.world, "seed", ids={"owner": 1})
    world.missing["lesson-unknown-level"] = f"{KEPT_OUT}: CHECK constraint failed: known_levels"

    rung = world_rung(world)

    assert rung.verdict is Verdict.PASS
    assert rung.notes == (f"lesson-unknown-level: {KEPT_OUT}: CHECK constraint failed: known_levels",)
    cell = contract.access.cells["lessons.retrieve/lesson-unknown-level/owner"]
    with pytest.raises(NotApplicable, match="CHECK constraint failed"):
        Client(cast(Any, None), world, contract).request(cell)


def test_only_a_row_that_is_dispensable_may_be_kept_out() -> None:
    """Of all that the world holds, a database may keep out a lesson of a level that nobody knows, and nothing else."""
    objects = load_contract().world.objects.values()

    assert [item.name for item in objects if item.dispensable] == ["lesson-unknown-level"]
