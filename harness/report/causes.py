"""Cells by what they have in common: people mend causes, not cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.harness.verdicts import Kind, Verdict

Cell = Mapping[str, Any]
# The gravest first. What could not be judged has no kind: there the verdict says what it is.
_GRAVITY = [*map(str, Kind), *map(str, Verdict)]
# What leaks is mended where it is read, whichever operation shows it, to whomever and after what: what the suites say of a
# leak, and what of that is one cause for all of them.
_LEAKS = (
    (re.compile(r"\S+ leaks (the key \w+|[\w.]+)(?:, .+)?"), "{} leaks"),
    (
        re.compile(r"\S+ lists (\S+) rows that do not open for the caller(?:, .+)?"),
        "{} rows are listed that do not open for the caller",
    ),
    (re.compile(r"\S+: .+ depends on hidden (\S+)"), "answers depend on hidden {}"),
)
# What separates the things that a reason says, and how many of them are told of a cause: a list may leak a hundred fields.
_BETWEEN, MOST_TOLD = "; ", 4


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
    def told(self) -> str:
        """What its example says, or its id: the first of many things; the cell itself has all of them."""
        things = self.example["reason"].split(_BETWEEN)
        more = [f"and {len(things) - MOST_TOLD} more"] if len(things) > MOST_TOLD else []
        return _BETWEEN.join([*things[:MOST_TOLD], *more]) or str(self.example["id"])

    @property
    def operations(self) -> list[str]:
        """Where a leak was seen that is told as one, in whatever suite; none for causes of another kind."""
        leaks = self.kind == Kind.LEAK
        return list(dict.fromkeys(cell["operation"] for cell in self.cells if cell["operation"] and leaks))

    @property
    def whose(self) -> list[str]:
        """The principals it concerns; subjects where nobody asked as anybody."""
        return list(dict.fromkeys(cell["principal"] or cell["subject"] for cell in self.cells))


def causes_of(cells: Sequence[Cell], verdicts: Collection[str]) -> list[Cause]:
    """The causes of these verdicts, the gravest kind and then the widest first."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if cell["verdict"] in verdicts:
            kind, text = cell["kind"] or cell["verdict"], cell["cause"] or cell["reason"]
            key = kind, _leaked(text) if kind == Kind.LEAK else text
            groups.setdefault(key, []).append(cell)
    causes = [_cause(kind, text, members) for (kind, text), members in groups.items()]
    return sorted(causes, key=lambda cause: (_GRAVITY.index(cause.kind), -len(cause.cells)))


def _cause(kind: str, text: str, cells: Sequence[Cell]) -> Cause:
    cause = Cause(kind, text, cells)
    if kind != Kind.LEAK:
        return cause
    operations = len(cause.operations)
    if operations > 1:
        return Cause(kind, f"{text}, in {operations} operations", cells)
    # Of one operation the plainest that was said: not what holds after something, or for some token, only.
    return Cause(kind, min((cell["cause"] or cell["reason"] for cell in cells), key=len), cells)


def _leaked(text: str) -> str:
    """The cause of a leak without who showed it to whom; the text as it stands where that is not known."""
    for pattern, words in _LEAKS:
        if found := pattern.fullmatch(text):
            return words.format(found[1])
    return text
