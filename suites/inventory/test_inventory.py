"""The routes of the backend and the operations of the contract, line by line."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.inventory import Line, judge
from coursegate.harness.verdicts import Judgement


def test_inventory(line: Line, conclude: Callable[[Judgement], None]) -> None:
    """The backend routes each operation of the contract, and nothing that the contract does not describe."""
    conclude(judge(line))
