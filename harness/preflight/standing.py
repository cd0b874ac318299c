"""Fourth rung: the world stands in the database, whoever put it there."""

from __future__ import annotations

from collections.abc import Iterable

from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import World


def world_rung(world: World, tables: Iterable[str] = ()) -> RungResult:
    """What is missing of a world, and what went wrong when it was built; `tables`, what did when they were."""
    missing = [f"{name}: {reason}" for name, reason in world.missing.items()]
    causes = (*missing, *world.faults, *tables)
    blocks = "everything above" if not world.ids else "the cells that need what is missing" if missing else ""
    verdict = Verdict.FAIL if causes else Verdict.PASS
    return RungResult("database", verdict, causes, blocks, tuple(world.notes))
