"""What is missing of a world is told by its causes, not by each of a hundred objects that hang on them."""

from __future__ import annotations

from coursegate.contracts.contract import load_contract
from coursegate.harness.preflight.standing import world_rung
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import World


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
