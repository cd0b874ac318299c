"""The access table, cell by cell."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.contracts.access import Cell
from coursegate.harness.verdicts import Judgement


def test_access(
    cell: Cell, judge: Callable[[Cell], Judgement], conclude: Callable[[Judgement], None]
) -> None:
    """The backend answers each operation and principal as the access table says."""
    conclude(judge(cell))
