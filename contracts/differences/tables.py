"""What breaks between two access tables: whoever was let in must be let in."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.contracts.access import AccessContract, Cell
from coursegate.contracts.differences.documents import Break


def table_breaks(old: AccessContract, new: AccessContract) -> Iterator[Break]:
    """Rows in which somebody is refused who was let in: a raised tier, a right withdrawn. One entry per row."""
    refused: dict[str, list[str]] = {}
    for cell in old.cells.values():
        after = new.cells.get(cell.id)
        if after is not None and _is_lost(cell, after):
            refused.setdefault(cell.row, []).append(
                f"{cell.principal} ({cell.expected}, now {after.expected})"
            )
    for row, who in refused.items():
        yield Break(row, f"no longer open for {', '.join(who)}")


def _is_lost(before: Cell, after: Cell) -> bool:
    return (before.allows and not after.allows) or (before.certain and not after.certain)
