"""How the time for generating is shared by the operations that are asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from coursegate.contracts.contract import Contract
from coursegate.suites.fuzz.dictionaries import dictionary_cases


def share(operation: str, asked: Collection[str], contract: Contract) -> float:
    """An operation's part of the time, from 0 to 1.

    Half of the time is shared evenly, half by what there is to try: an operation that takes nothing has run out of
    cases at once, one with twenty properties has hundreds.

    Args:
        asked: ids of all operations that share the time; the operation is one of them.
    """
    cases = _cases(contract)
    return (1 / len(asked) + cases[operation] / sum(cases[name] for name in asked)) / 2


@lru_cache(maxsize=1)  # every check of a run asks
def _cases(contract: Contract) -> Mapping[str, int]:
    """How many cases of the dictionaries each operation has."""
    return {
        name: sum(1 for _ in dictionary_cases(operation, contract))
        for name, operation in contract.api.operations.items()
    }
