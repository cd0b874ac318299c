"""How the time for generating is shared by the operations that are asked about."""

from __future__ import annotations

from collections.abc import Collection

from coursegate.contracts.contract import Contract
from coursegate.suites.fuzz.dictionaries import dictionary_cases


def share(operation: str, asked: Collection[str], contract: Contract) -> float:
    """An operation's part of the time, from 0 to 1.

    Half of the time is shared evenly, half by what there is to try: an operation that takes nothing has run out of
    cases at once, one with twenty properties has hundreds.

    Args:
        asked: ids of all operations that share the time; the operation is one of them.
    """
    known = contract.api.operations
    cases = {name: sum(1 for _ in dictionary_cases(known[name], contract)) for name in asked}
    return (1 / len(cases) + cases[operation] / sum(cases.values())) / 2
