"""Cells by what they have in common: people mend causes, not cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.harness.verdicts import Kind, Verdict

Cell = Mapping[str, Any]
# The gravest first. What could not be judged has no kind: there the verdict says what it is.
_GRAVITY = [*map(str, Kind), *map(str, Verdict)]


@dataclass(frozen=True)
class Cause:
    """What one or more cells have in common.

    Attributes:
        kind: leak, effect, hang, error or form; the verdict where the cells were not judged.
        text: what they have in common; "" where nobody said.
        cells: at least one, in the order of the report.
    """

    kind: str
    text: str
    cells: Sequence[Cell]

    @property
    def example(self) -> Cell:
        return self.cells[0]

    @property
    def whose(self) -> list[str]:
        """The principals it concerns; subjects where nobody asked as anybody."""
        return list(dict.fromkeys(cell["principal"] or cell["subject"] for cell in self.cells))


def causes_of(cells: Sequence[Cell], verdicts: Collection[str]) -> list[Cause]:
    """The causes of these verdicts, the gravest kind and then the widest first."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if cell["verdict"] in verdicts:
            key = cell["kind"] or cell["verdict"], cell["cause"] or cell["reason"]
            groups.setdefault(key, []).append(cell)
    causes = [Cause(kind, text, members) for (kind, text), members in groups.items()]
    return sorted(causes, key=lambda cause: (_GRAVITY.index(cause.kind), -len(cause.cells)))
