"""Writes that nothing undoes: in which order they are asked, and what each of them leaves for those after it.

What a write has changed may no longer be what the table speaks of. So reads come first, then what must be refused,
then what is allowed, the harmless before the destructive; and a cell whose objects are no longer as they were is
not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coursegate.contracts.access import SELF, Cell, Outcome
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import PROFILE, SUBSCRIPTION, USER
from coursegate.harness.client import WRITES_NOT_ALLOWED, CannotAsk, CannotAssess, Client
from coursegate.harness.judging.evidence import Evidence, changed
from coursegate.harness.verdicts import NEEDS_SOURCE
from coursegate.harness.world import LOOKUPS

CHANGED = f"{NEEDS_SOURCE}: an earlier write of this run has changed what it is about, and over HTTP nothing is undone"
ACCOUNT = frozenset({USER, PROFILE, SUBSCRIPTION})


@dataclass
class LastingWrites:
    """What has been written so far.

    Attributes:
        spent: (object, principal) -> the cell that changed it as far as the principal is concerned; "" for all.
        read: what was seen when a subject was last read, until something is sent.
    """

    client: Client
    spent: dict[tuple[str, str], str] = field(default_factory=dict)
    read: dict[str, tuple[bool, dict[str, Any] | None]] = field(default_factory=dict)

    def in_order(self, cells: Iterable[Cell]) -> list[Cell]:
        return sorted(cells, key=self._rank)

    def _rank(self, cell: Cell) -> tuple[int, int]:
        """Refusals, then what changes texts, makes content, makes a learner's rows, moves, deletes, concerns the
        caller's account; refused sign-ins at the very end, as they may lock the account.
        """
        operation = self._operation(cell)
        if not cell.allows:
            return (9 if operation.authenticates else 0), 0
        if operation.authenticates:
            return 1, 0
        if operation.method in {"PATCH", "PUT"} and not operation.effect:
            return 2, 0
        if cell.subject == SELF:
            return 8, 0
        if operation.method == "DELETE":
            return 7, -self._depth(cell.subject)
        if operation.creates or Outcome.CREATED in cell.outcomes:
            return (5 if self._is_personal(operation.creates) else 4), 0
        return 6, -self._depth(cell.subject)

    def check(self, cell: Cell) -> None:
        """Whether everything a cell is about still is as the table speaks of it.

        Raises:
            CannotAssess: an earlier write has changed it.
        """
        for name in self._names(cell):
            for whose in ("", cell.principal):
                if (name, whose) in self.spent:
                    raise CannotAssess(CHANGED)

    def observe(self, cell: Cell, control: Callable[[Cell], dict[str, Any]]) -> Evidence:
        """Ask a cell, looking at its subject before and after.

        Raises:
            CannotAssess: what it is about has changed, or nothing may be written.
        """
        client = self.client
        if not client.target.abilities.writes:
            raise CannotAssess(WRITES_NOT_ALLOWED)
        self.check(cell)
        client.request(cell)  # what cannot be asked is not asked for its control either
        missing = control(cell)
        seen_before, before = self.look(cell)
        exchange = client.send(cell)
        self.read.clear()
        seen_after, after = self.look(cell)
        if not (seen_before and seen_after):
            before = after = None
        evidence = Evidence(
            cell,
            self._operation(cell),
            client.world,
            client.subject_of(cell),
            [exchange],
            declassified=client.contract.declassified,
            before=before,
            after=after,
            write_token=token if (token := client.write_token(cell)) in repr(exchange.request.body) else "",
            sees_rows=False,
            **missing,
        )
        self.note(evidence)
        return evidence

    def look(self, cell: Cell) -> tuple[bool, dict[str, Any] | None]:
        """The subject as its own operation shows it to somebody who may read all of it, None where it is gone; and
        whether that could be seen at all.
        """
        shows = self._reader(cell)
        if shows is None:
            return False, None
        if shows.id not in self.read:
            try:
                answer = self.client.send(shows).answer
            except CannotAsk:
                return False, None
            shown = (
                self._steady(answer.json) if answer.status == 200 and isinstance(answer.json, dict) else None
            )
            self.read[shows.id] = shown is not None or answer.status == 404, shown
        return self.read[shows.id]

    def note(self, evidence: Evidence) -> None:
        """Remember what an answered write has changed."""
        cell, operation = evidence.cell, evidence.operation
        if evidence.answer.status >= 400 and not changed(evidence.before, evidence.after):
            return
        if operation.authenticates or _is_harmless(evidence):
            return
        contract = self.client.world.contract
        about = [name for name in self._names(cell) if name != cell.principal]
        if operation.creates:
            if self._is_personal(operation.creates):
                self._spend(cell, about, cell.principal)
            return
        self._spend(cell, about, "")
        for name in about:
            # What is done to a learner's row may change what the learner may do in its course.
            if learner := self._learner(name):
                self._spend(cell, [contract.course_of(contract.objects[name])], learner)
            if contract.objects[name].model in ACCOUNT:
                self._spend(cell, [learner or name], "")

    def _spend(self, cell: Cell, names: Iterable[str], whose: str) -> None:
        contract = self.client.world.contract
        for name in names:
            for item in contract.objects.values():
                if item.name == name or contract.within(item, name):
                    self.spent.setdefault((item.name, whose), cell.id)

    def _names(self, cell: Cell) -> list[str]:
        """Every object a cell is about: its subject, what its body names, and the caller's own account."""
        named = [self.client.subject_of(cell), *self.client.named_in_body(cell), cell.principal]
        return [name for name in dict.fromkeys(named) if name in self.client.world.ids]

    def _learner(self, name: str) -> str:
        """The account that an object hangs below; "" where there is none."""
        contract = self.client.world.contract
        accounts = (item.name for item in contract.of_model(USER))
        return next((account for account in accounts if contract.within(contract.objects[name], account)), "")

    def _is_personal(self, model: str) -> bool:
        """Whether rows of a model belong to a learner, so that there may be one for each."""
        return any(self._learner(item.name) for item in self.client.world.contract.of_model(model))

    def _depth(self, name: str) -> int:
        contract = self.client.world.contract
        if name not in contract.objects:
            return 0
        return 1 + max((self._depth(parent) for parent in contract.objects[name].parents), default=0)

    def _reader(self, cell: Cell) -> Cell | None:
        """The cell by which somebody reads all of the subject: best the caller, else staff."""
        model = self._operation(cell).model
        readers = [
            other
            for other in self.client.contract.access.cells.values()
            if other.subject == cell.subject
            and other.outcomes == {Outcome.FULL}
            and (operation := self._operation(other)).model == model
            and operation.is_safe
            and not operation.optional
            and (operation.lookup or (cell.subject == SELF and other.principal == cell.principal))
        ]
        order = {cell.principal: 0, "staff": 1}
        return min(readers, key=lambda other: order.get(other.principal, 2), default=None)

    def _steady(self, value: Any) -> Any:
        """A value without the keys that may change although nobody wrote them."""
        if isinstance(value, dict):
            return {key: self._steady(inner) for key, inner in value.items() if key not in self._restless}
        return [self._steady(inner) for inner in value] if isinstance(value, list) else value

    @cached_property
    def _restless(self) -> frozenset[str]:
        declassified = self.client.contract.declassified
        flows = (flow.keys for flow in declassified.flows if "" in flow.operations)
        return frozenset(key for keys in flows for key in keys) | {
            what.rpartition(".")[2] for what in declassified.counters
        }

    def _operation(self, cell: Cell) -> Operation:
        return self.client.contract.api.operations[cell.operation]


def _is_harmless(evidence: Evidence) -> bool:
    """Whether all that changed is the text that was sent: of the state the table speaks of, nothing did."""
    before, after, token = evidence.before, evidence.after, evidence.write_token
    if before is None or after is None:
        return False
    columns = changed(before, after) - evidence.operation.touches
    return not columns & {*LOOKUPS} and all(
        token and token in str(after.get(name)).lower() for name in columns
    )
