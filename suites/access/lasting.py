"""Writes that nothing undoes: in which order they are asked, and what each of them leaves for those after it.

What a write has changed may no longer be what the table speaks of. So reads come first, then what must be refused,
then what is allowed, the harmless before the destructive; and a cell whose objects are no longer as they were is
not asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from coursegate.contracts.access import SELF, Cell, Outcome
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import PROFILE, SUBSCRIPTION, USER
from coursegate.harness.asking import Control
from coursegate.harness.client import WRITES_NOT_ALLOWED, CannotAsk, CannotAssess, Client
from coursegate.harness.judging.evidence import Evidence, changed
from coursegate.harness.verdicts import NEEDS_SOURCE
from coursegate.harness.world import LOOKUPS

CHANGED = f"{NEEDS_SOURCE}: an earlier write of this run has changed what it is about, and over HTTP nothing is undone"
ACCOUNT = frozenset({USER, PROFILE, SUBSCRIPTION})
# In place of a model: somebody has a row below it now, so that deleting it may be refused.
TAKEN = "taken"


@dataclass
class LastingWrites:
    """What has been written so far.

    Attributes:
        spent: (object, principal, model) -> the cell that changed it, as far as the principal is concerned and the rows
            of a model that hang below it; "" for all.
        read: what was seen when a subject was last read, until something is sent.
    """

    client: Client
    spent: dict[tuple[str, str, str], str] = field(default_factory=dict)
    read: dict[str, tuple[bool, dict[str, Any] | None]] = field(default_factory=dict)

    def in_order(self, cells: Iterable[Cell]) -> list[Cell]:
        """The order that spoils least. Of several rows that spoil each other for the same callers, each gets some."""
        given = list(cells)
        rows = {row: number for number, row in enumerate(dict.fromkeys(cell.row for cell in given))}
        columns = {name: number for number, name in enumerate(self.client.contract.access.principals)}

        def turn(cell: Cell) -> int:
            return (columns[cell.principal] - rows[cell.row]) % len(columns)

        return sorted(given, key=lambda cell: (*self._rank(cell), turn(cell)))

    def _rank(self, cell: Cell) -> tuple[int, int]:
        """Refusals, then what changes texts, makes content, makes a learner's rows, moves, deletes, concerns the
        caller's account; refused sign-ins at the very end, as they may lock the account.
        """
        operation = self._operation(cell)
        if not cell.allows:
            return (9 if operation.authenticates else 0), 0
        if operation.authenticates:
            return 1, 0
        if cell.subject == SELF or operation.model in ACCOUNT:
            return 8, ("PATCH", "PUT", "POST", "DELETE").index(operation.method)
        if operation.method in {"PATCH", "PUT"} and not operation.effect:
            return 2, 0
        if operation.method == "DELETE":
            return 7, -self._depth(cell.subject)
        if operation.creates or Outcome.CREATED in cell.outcomes:
            return (5 if operation.creates in self._personal else 4), 0
        return 6, -self._depth(cell.subject)

    def check(self, cell: Cell) -> None:
        """Whether everything a cell is about still is as the table speaks of it.

        Raises:
            CannotAssess: an earlier write has changed it.
        """
        # Whether somebody may sign in is not changed by what they have written or paid for since.
        operation = self._operation(cell)
        concerned = {"", operation.model, operation.creates} | (
            {TAKEN} if operation.method == "DELETE" else set()
        )
        names = self._names(cell) if not operation.authenticates else ()
        for place in itertools.product(names, ("", cell.principal), concerned):
            if place in self.spent:
                raise CannotAssess(CHANGED)

    def observe(self, cell: Cell, control: Control) -> Evidence:
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
        if before is None or not (seen_before and seen_after):
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
        if operation.authenticates:
            return
        contract = self.client.world.contract
        if operation.creates:
            if operation.creates in self._personal:
                about = [name for name in self._names(cell) if name != cell.principal]
                self._spend(cell, about, cell.principal, self._concerned(operation.creates))
                self.spent |= {(name, "", TAKEN): cell.id for name in about}
            return
        for name in filter(None, [evidence.subject]) if not self._is_harmless(evidence) else ():
            self._spend(cell, [name], "")
            # What is done to a learner's row may change what the learner may do in its course.
            if learner := self._learner(name):
                course = contract.course_of(contract.objects[name])
                self._spend(cell, [course], learner, self._personal)
            if contract.objects[name].model in ACCOUNT:
                self._spend(cell, [learner or name], "")

    def _spend(self, cell: Cell, names: Iterable[str], whose: str, models: Iterable[str] = ("",)) -> None:
        contract = self.client.world.contract
        for name in names:
            below = [item.name for item in contract.objects.values() if contract.within(item, name)]
            for place in itertools.product((name, *below), (whose,), models):
                self.spent.setdefault(place, cell.id)

    def _names(self, cell: Cell) -> list[str]:
        """Every object a cell is about: its subject, what its body names, and the caller's own account."""
        named = [self.client.subject_of(cell), *self.client.named_in_body(cell), cell.principal]
        return [name for name in dict.fromkeys(named) if name in self.client.world.ids]

    def _learner(self, name: str) -> str:
        """The account that an object hangs below; "" where there is none."""
        account = self.client.world.contract.account_of(name)
        return account if account != name else ""

    @cached_property
    def _personal(self) -> frozenset[str]:
        """The models whose rows belong to a learner, so that there may be one for each."""
        objects = self.client.world.contract.objects
        return frozenset(item.model for item in objects.values() if self._learner(item.name))

    def _concerned(self, model: str) -> frozenset[str]:
        """The models of which a learner may do more or less by a new row of one: its own, where none hangs below it."""
        objects = self.client.world.contract.objects
        above = {objects[parent].model for item in objects.values() for parent in item.parents}
        return self._personal if model in above else frozenset({model})

    def _depth(self, name: str) -> int:
        contract = self.client.world.contract
        if name not in contract.objects:
            return 0
        return 1 + max((self._depth(parent) for parent in contract.objects[name].parents), default=0)

    def _reader(self, cell: Cell) -> Cell | None:
        """The cell by which somebody reads all of the subject: best the caller, else staff, who may read most."""
        operation = self._operation(cell)
        cells = [
            other
            for other in self.client.contract.access.cells.values()
            if other.outcomes == {Outcome.FULL}
            and (reading := self._operation(other)).model == operation.model
            and reading.is_safe
            and not reading.optional
            and (
                reading.lookup
                or (cell.subject == SELF == other.subject and other.principal == cell.principal)
            )
        ]
        order = {cell.principal: 0, "staff": 1}
        own = [other for other in cells if other.subject == cell.subject]
        if own:
            return min(own, key=lambda other: order.get(other.principal, 2))
        if not cells or not operation.lookup:
            return None
        row = f"{cells[0].operation}/{cell.subject}"
        return replace(cells[0], id=f"{row}/staff", subject=cell.subject, principal="staff")

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

    def _is_harmless(self, evidence: Evidence) -> bool:
        """Whether what makes one object of the world differ from another is seen to be as it was."""
        if evidence.before is None or evidence.after is None:
            return False
        values: dict[str, set[str]] = {name: {"", "its own"} for name in LOOKUPS}
        for item in self.client.world.contract.of_model(evidence.operation.model):
            for name, value in item.fields.items():
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    values.setdefault(name, set()).add(repr(value))
        state = {name for name, known in values.items() if len(known) > 1}
        columns = changed(evidence.before, evidence.after) - evidence.operation.touches
        return not {name.removesuffix("_id") for name in columns} & state

    def _operation(self, cell: Cell) -> Operation:
        return self.client.contract.api.operations[cell.operation]
