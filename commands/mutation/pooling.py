"""Mutants that are put to the checks together: what nobody notices of several, nobody notices of any."""

from __future__ import annotations

from collections.abc import Container, Iterable

from coursegate.commands.mutation.mutants import Mutant

SIZE = 8


def pools_of(mutants: Iterable[Mutant], apart: Container[str] = ()) -> list[list[Mutant]]:
    """Pools of at most `SIZE`, no two of a pool from one function, where they would be most in each other's way.

    Args:
        apart: ids of those that make a pool of their own.
    """
    found: list[list[Mutant]] = []
    for mutant in mutants:
        room = next((pool for pool in found if _takes(pool, mutant, apart)), None)
        if room is None:
            found.append([mutant])
        else:
            room.append(mutant)
    return found


def _takes(pool: list[Mutant], mutant: Mutant, apart: Container[str]) -> bool:
    if len(pool) >= SIZE or mutant.id in apart or pool[0].id in apart:
        return False
    return all(mutant.place != other.place for other in pool)
