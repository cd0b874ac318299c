"""Fourth rung: the world stands in the database, whoever put it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import NEEDS, World

# How many objects are named for one reason.
SHOWN = 3


def world_rung(world: World, tables: Iterable[str] = (), hint: str = "") -> RungResult:
    """What is missing of a world, and what went wrong when it was built; `tables`, what did when they were; `hint`, what
    may help where anything did.
    """
    # Without a table nothing of its rows stands: what went wrong first is told first.
    kept_out = [f"{name}: {reason}" for name in world.missing if (reason := world.kept_out(name))]
    needed = {name: reason for name, reason in world.missing.items() if not world.kept_out(name)}
    missing = [_told(names, reason) for reason, names in _by_reason(needed).items()]
    wrong = (*tables, *missing, *world.faults)
    causes = (*wrong, hint) if wrong and hint else wrong
    blocks = "everything above" if not world.ids else "the cells that need what is missing" if missing else ""
    verdict = Verdict.FAIL if causes else Verdict.PASS
    return RungResult("database", verdict, causes, blocks, (*world.notes, *kept_out))


def _by_reason(missing: Mapping[str, str]) -> dict[str, list[str]]:
    """What is missing for one reason, in the order of the world; what only needs something else that is missing, last."""
    found: dict[str, list[str]] = {}
    for name, reason in missing.items():
        found.setdefault(NEEDS if reason.startswith(f"{NEEDS} ") else reason, []).append(name)
    if NEEDS in found:
        found[NEEDS] = found.pop(NEEDS)
    return found


def _told(names: Sequence[str], reason: str) -> str:
    if reason == NEEDS:
        return f"what needs these is missing, too: {_some(names)}"
    return f"{_some(names)}: {reason}"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
