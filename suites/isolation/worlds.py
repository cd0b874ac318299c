"""Asking one principal in worlds that differ only in what that principal may not see."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import time_machine

from coursegate.contracts.openapi import Operation
from coursegate.harness.canaries import mint
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.outcomes import OUTCOMES
from coursegate.harness.judging.universal import breakdowns
from coursegate.harness.observation import Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.isolation.changes import (
    Change,
    Deed,
    chosen,
    crowds,
    hidden_changes,
    is_shown,
    removals,
)
from coursegate.suites.isolation.questions import Asked, asked_cells, further_requests, is_searching
from coursegate.suites.isolation.seeing import ASKED_AGAIN, Sight, differences, look


@dataclass
class Worlds:
    """One principal, everything it may ask, and what it saw: in the world as it is, and in changed ones.

    Attributes:
        base, changed: operation -> what was seen; in the world as it is, and after some changes.
        warm: operation -> what was seen in the world as it is once more, and which aspects differ by themselves.
        settled: operations that were asked often enough for that.
        made: the changes that the backend has taken; a world in which none was made is the world as it is.
        refused: why one was not, as it was told last.
    """

    bound: Bound
    principal: str
    base: dict[str, list[Sight]] = field(default_factory=dict)
    changed: list[tuple[tuple[Change, ...], dict[str, list[Sight]]]] = field(default_factory=list)
    warm: dict[str, tuple[list[Sight], frozenset[str]]] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    made: set[Change] = field(default_factory=set)
    refused: str = ""

    @cached_property
    def moment(self) -> float:
        return time.time()  # a number: a datetime would bring its zone along

    @cached_property
    def changes(self) -> list[Change]:
        found = hidden_changes(self.bound.world, self.principal)
        # Only an order tells how many there are, and orders are asked of lists that are searched.
        further = crowds(self.bound.world, self.principal) if is_searching(self.bound, self.principal) else ()
        return [*found, *further]

    @cached_property
    def token(self) -> str:
        """What every field that is rewritten holds from then on, and what filters and searches look for."""
        token = mint(self.bound.world.seed, "isolation", self.principal)
        return f"a{token[1:]}"  # no canary begins so: in any order it stands before all of them

    def observe(self) -> None:
        """Ask everything in the world as it is, then with all changes at once, then with some that hypothesis chooses.

        What some operation may show is changed in a world of its own, for the operations about the same models; content is
        taken out in another one, as what is changed may hang below it.
        """
        api, profile = self.bound.contract.api.operations, self.bound.profile
        shown = [
            change
            for change in self.changes
            if any(self._is_shown(change, api[name]) for name in self.requests)
        ]
        first = {name: asked[:1] for name, asked in self.requests.items()}
        models = {change.model for change in shown}
        self.base = self._asked_after((), self.requests)
        self._observe_after([change for change in self.changes if change not in shown], self.requests)
        self._observe_after(
            shown, {name: asked for name, asked in first.items() if api[name].model in models}
        )
        self._observe_after(list(removals(self.bound.world, self.principal)), first)
        if is_searching(self.bound, self.principal):
            for some in chosen(self.changes, profile.examples):
                self._observe_after(some, self.requests if profile.is_nightly else first)

    def _observe_after(self, changes: Sequence[Change], wanted: dict[str, list[Request]]) -> None:
        together = tuple(change for change in changes if change.deed is not Deed.REMOVE) or tuple(changes)
        if together:
            self.changed.append((together, self._asked_after(together, wanted)))

    def problems(self, operation: Operation) -> Iterator[Problem]:
        """What tells the worlds apart in the answers of one operation.

        Raises:
            CannotAsk: it is not answered as it must be in the world as it is, or the backend let nothing be changed.
        """
        yield from self._unanswered(operation)
        compared = [
            (changes, seen)
            for changes, seen in self.changed
            if operation.id in seen and not any(self._is_shown(change, operation) for change in changes)
        ]
        wanted = {change for changes, _ in compared for change in changes}
        edits = {change for change in wanted if change.deed is Deed.EDIT}
        for some in filter(None, (wanted, edits)):
            if not some & self.made:
                raise CannotAsk(
                    f"of {len(some)} changes that nobody should notice none could be made{self.refused}"
                )
        for changes, seen in compared:
            if found := self._told_apart(operation, changes, seen):
                yield from self._problems(operation, changes, found)
                return

    def _unanswered(self, operation: Operation) -> Iterator[Problem]:
        """Errors of the server, which are the same in every world; and nothing shows in what is not answered at all."""
        for sight in self.base[operation.id]:
            yield from breakdowns(sight.answer, operation.id)
        for (cell, _), sight in zip(self.asked[operation.id], self.base[operation.id], strict=False):
            statuses = {status for outcome in cell.outcomes for status in OUTCOMES[outcome].statuses}
            if sight.answer.status not in statuses and sight.answer.status < 500:
                raise CannotAsk(
                    f"access/{cell.id} is broken before anything changes: it is answered {sight.answer.summary}"
                )

    def _problems(
        self, operation: Operation, changes: tuple[Change, ...], found: list[tuple[str, str]]
    ) -> Iterator[Problem]:
        culprits = self._smallest(operation, changes)
        found = self._compared(operation, culprits) or found
        done = "; ".join(map(str, culprits[:3])) + (
            f" and {len(culprits) - 3} more" if len(culprits) > 3 else ""
        )
        for aspect, seen in found[:3]:
            yield Problem(
                Kind.LEAK,
                f"{self.principal} can tell from {aspect} ({seen}) that something hidden is otherwise: {done}",
                f"{operation.id}: {aspect} depends on hidden {culprits[0].model}",
            )

    def _is_shown(self, change: Change, operation: Operation) -> bool:
        contract = self.bound.contract
        return is_shown(change, operation, self.principal, contract.world, contract.declassified)

    def _told_apart(
        self, operation: Operation, changes: Sequence[Change], seen: dict[str, list[Sight]]
    ) -> list[tuple[str, str]]:
        """What differs from the world as it is, but for what differs between two askings there, too."""
        if not self._all_differences(operation, self.base[operation.id], seen[operation.id]):
            return []
        return self._compared(operation, changes)

    def _compared(self, operation: Operation, changes: Sequence[Change]) -> list[tuple[str, str]]:
        """The same, asked anew: the process is warm by now, and what differs without any change is restless by itself."""
        wanted = {operation.id: self.requests[operation.id]}
        if operation.id not in self.warm:
            once, again = (self._asked_after((), wanted)[operation.id] for _ in range(2))
            restless = frozenset(aspect for aspect, _ in self._all_differences(operation, once, again))
            self.warm[operation.id] = once, restless
        once, restless = self.warm[operation.id]
        seen = self._asked_after(changes, wanted)[operation.id]
        found = self._all_differences(operation, once, seen)
        if any(told[0] not in restless for told in found) and operation.id not in self.settled:
            # Two values of what changes by itself may have been the same by chance.
            for _ in range(ASKED_AGAIN):
                again = self._asked_after((), wanted)[operation.id]
                restless |= {aspect for aspect, _ in self._all_differences(operation, once, again)}
            self.warm[operation.id] = once, restless
            self.settled.add(operation.id)
        return [told for told in found if told[0] not in restless]

    def _smallest(self, operation: Operation, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """As few of the changes as still make the difference: halves, as long as one half does it alone."""
        while len(changes) > 1:
            middle = len(changes) // 2
            for half in (changes[:middle], changes[middle:]):
                if self._compared(operation, half):
                    changes = half
                    break
            else:
                break
        return changes

    def _all_differences(
        self, operation: Operation, one: Sequence[Sight], other: Sequence[Sight]
    ) -> list[tuple[str, str]]:
        """What tells askings of an operation apart, but for the declared flows."""
        from django.apps import apps

        declared = list(self.bound.contract.declassified.flows_into(operation.id))
        keys = {key for flow in declared for key in flow.keys}
        tables = {apps.get_model(model)._meta.db_table for flow in declared for model in flow.counted}
        pairs = zip(one, other, strict=False)  # of some pairs of worlds only the first request is compared
        return list(dict.fromkeys(found for pair in pairs for found in differences(*pair, keys, tables)))

    def _asked_after(
        self, changes: Sequence[Change], wanted: dict[str, list[Request]]
    ) -> dict[str, list[Sight]]:
        # Clocks stand still, or every answer that holds one would differ.
        with time_machine.travel(self.moment, tick=False), self._changed_world(changes):
            return {
                operation: [look(self.bound.target, request) for request in requests]
                for operation, requests in wanted.items()
            }

    @contextmanager
    def _changed_world(self, changes: Sequence[Change]) -> Iterator[None]:
        from coursegate.factories import hidden

        flows = self.bound.contract.declassified.everywhere
        with self.bound.target.undone():
            # When a row was changed is a flow; what is digested from a body could not be compared if it had changed.
            with hidden.moments_kept(self.bound.world, flows):
                self._make(changes)
            yield

    def _make(self, changes: Sequence[Change]) -> None:
        from coursegate.factories import hidden

        world = self.bound.world
        added = hidden.add_alike(world, [change.object for change in changes if change.deed is Deed.ADD])
        for change in changes:
            match change.deed:
                case Deed.ADD:
                    is_made = change.object in added
                case Deed.REMOVE:
                    is_made = hidden.remove(world, change.object)
                case Deed.CROWD:
                    is_made = hidden.add_many(world, change.object, change.below, change.amount)
                case Deed.EDIT:
                    is_made = self._rewrite(change)
            if is_made:
                self.made.add(change)

    def _rewrite(self, change: Change) -> bool:
        """Rewrite the hidden fields of an object: past its save(), where that keeps it as it is. Returns whether it is so."""
        from coursegate.factories import hidden

        world, target = self.bound.world, self.bound.target
        key = world.ids[change.object]
        values = hidden.rewritten(world, change.object, change.fields, self.token)
        before = target.row(change.model, key)
        try:
            target.change(change.model, key, values)
        except CannotAsk as problem:  # gone with what it hung below, or the target keeps it as it is
            self.refused = f" ({problem})"
        if target.row(change.model, key) != before:
            return True
        return hidden.stored(change.model, key, values)

    @cached_property
    def asked(self) -> Asked:
        """Operation -> its cells that are asked, with their requests."""
        return asked_cells(self.bound, self.principal)

    @cached_property
    def requests(self) -> dict[str, list[Request]]:
        """Operation -> what is asked of it, in every world the same."""
        found = {name: [request for _, request in asked] for name, asked in self.asked.items()}
        if is_searching(self.bound, self.principal):
            for name, asked in found.items():
                operation = self.bound.contract.api.operations[name]
                counts = self.bound.contract.world.counts.get(operation.model, ())
                asked += list(further_requests(operation, asked, self.changes, self.token, counts))
        return found
