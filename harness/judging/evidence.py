"""What was seen when a cell was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.contracts.declassified import Declassified
from coursegate.contracts.openapi import Operation
from coursegate.harness.observation import Answer, Exchange
from coursegate.harness.verdicts import Kind, Problem
from coursegate.harness.world import World

# Of the fields that a refusal names, so many are told.
MOST_FIELDS = 4
# Keys under which a refusal speaks of the whole request.
_OF_NO_FIELD = frozenset({"detail", "error", "errors", "message", "messages", "non_field_errors"})


@dataclass(frozen=True)
class Evidence:
    """Everything one asking of a cell brought to light.

    Attributes:
        subject: the object the cell is about; of `self` the caller's own, "" where there is none.
        pages: the answer, and for lists all further pages.
        declassified: what an operation may show although it is closed elsewhere.
        control: for what must be hidden, the answer for an id that never existed.
        control_again: sends the request of the control once more, for what differs by itself: a time, a number of its own.
        requested: the ids asked for, each a name of the subject, and those of the control.
        before, after: the subject's row around a write; empty for reads. Where rows cannot be seen, what the subject's
            own operation answers to somebody who may read all of it; None where there is none.
        sees_rows: whether they are rows.
        added: the rows that a write added to the model that the operation creates.
        touched: the models whose rows a refused write left different from what they were.
        write_token: what a write tried to store; "" where its body has no place for one.
    """

    cell: Cell
    operation: Operation
    world: World
    subject: str
    pages: list[Exchange]
    declassified: Declassified = field(default_factory=Declassified)
    control: Answer | None = None
    control_again: Callable[[], Answer] | None = None
    requested: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    added: tuple[dict[str, Any], ...] = ()
    touched: frozenset[str] = frozenset()
    write_token: str = ""
    sees_rows: bool = True

    @property
    def answer(self) -> Answer:
        return self.pages[0].answer

    @property
    def changes(self) -> set[str]:
        """The columns that changed, of those that the contract speaks of or the body names."""
        body = self.pages[0].request.body
        meant = self.declassified.columns.of(self.operation.model) | (
            body.keys() if isinstance(body, dict) else set()
        )
        return {
            column
            for column in changed(self.before, self.after)
            if {column, column.removesuffix("_id")} & meant
        }

    def absences(self) -> list[Problem]:
        """The properties that a successful answer must have and this one lacks."""
        body = self.answer.json
        found = body if isinstance(body, dict) else {}
        return [
            replace(self.form(f"the answer lacks {name}"), about=about)
            for name, about in sorted(self.operation.required.items())
            if name not in found
        ]

    def form(self, text: str) -> Problem:
        cause = f"{self.cell.operation} {self.cell.expected}: {text}"
        return Problem(Kind.FORM, text, self._without_names(cause))

    def refused(self, expected: str) -> Problem:
        """Of somebody who is let in: what was answered instead, and what a refusal says that it is for."""
        reasons, seen = self.answer.refused_for, f"expected {expected}, saw {self.answer.summary}"
        fields = dict(list(reasons.items())[:MOST_FIELDS])
        named = f"{seen} for {', '.join(fields)}" if fields else seen
        words = "; ".join(f"{field}: {said}" for field, said in fields.items())
        told = self.pages[0].request.redact(f"{seen} ({words})" if words else seen)
        if unsent := ", ".join(field for field in fields if self._is_unsent(field)):
            told += f"; where your backend wants {unsent} as well, say so under [bodies]"
        return replace(self.form(named), text=told)

    def _is_unsent(self, field: str) -> bool:
        """Whether a refusal complains of a field that the body does not have."""
        body, complaints = self.pages[0].request.body, self.answer.json[field]
        return isinstance(body, dict) and isinstance(complaints, list) and field not in {*body, *_OF_NO_FIELD}

    def _without_names(self, text: str) -> str:
        """A cause must be the same for every subject and id it strikes."""
        for name in (self.subject, *self.world.lookups.get(self.subject, {}).values()):
            text = text.replace(name, "the subject") if name else text
        return text


def changed(before: dict[str, Any] | None, after: dict[str, Any] | None) -> set[str]:
    """The columns that differ between two states of a row; all of them where it came or went."""
    old, new = before or {}, after or {}
    return {column for column in old.keys() | new.keys() if old.get(column) != new.get(column)}
