"""Asking one cell and keeping everything that came to light: the answer, the rows around it, what a missing id gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from coursegate.contracts.access import Cell, Outcome
from coursegate.contracts.openapi import GONE, Operation
from coursegate.harness.client import CannotAssess, Client
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import NEEDS_SOURCE

Control = Callable[[Cell], dict[str, Any]]


def check_undoes(bound: Bound) -> None:
    """Whether what a check writes can be undone, so that it leaves the world to the checks after it as it was.

    Raises:
        CannotAssess: it cannot.
    """
    if not bound.target.abilities.undoes:
        raise CannotAssess(f"{NEEDS_SOURCE}: what it writes could not be undone over HTTP")


@dataclass
class Observer:
    """Asks as a client does.

    Attributes:
        controls: what never existed answers a caller alike, whichever subject it stands in for: asked once.
    """

    client: Client
    controls: dict[tuple[str, str, str], Answer] = field(default_factory=dict)

    def read(self, cell: Cell, moment: str = "", *, sent: Request | None = None) -> Evidence:
        """Ask a cell that only reads, of a list all its pages; `sent` in place of the request that is its own.

        Raises:
            CannotAsk: its subject was not built, or its principal has no token.
            CannotAssess: it cannot be judged on this target.
        """
        client, operation = self.client, self.client.contract.api.operations[cell.operation]
        first = self._send(cell, sent).at(moment)
        return Evidence(
            cell,
            operation,
            client.world,
            client.subject_of(cell),
            client.pages(first) if operation.collection else [first],
            declassified=client.contract.declassified,
            **self.control(cell),
        )

    def write(self, cell: Cell, *, keep_caches: bool = False, sent: Request | None = None) -> Evidence:
        """Ask a cell that writes, looking at the rows before and after; no row of it stays in the target.

        Raises:
            CannotAsk: its subject was not built, or its principal has no token.
        """
        client, declassified = self.client, self.client.contract.declassified
        operation = client.contract.api.operations[cell.operation].sending(cell.variant)
        client.request(cell)  # signing in writes too: not inside the block that is undone
        with client.target.undone(keep_caches=keep_caches):
            subject = client.subject_of(cell)
            key = client.world.ids[subject] if subject and operation.model else None
            before = client.target.row(operation.model, key) if key else None
            known = client.target.keys(operation.creates) if operation.creates else set()
            exchange = self._send(cell, sent)
            after = client.target.row(operation.model, key) if key else None
            # Where deleting leaves the row, it must be out of reach; what is not found here is found once that is undone.
            ends = operation.effect == GONE and after is not None and exchange.answer.status < 300
            hidden = ends and self._is_hidden(exchange, operation, key)
            added = client.target.rows_beyond(operation.creates, known) if operation.creates else []
            # Looked at only where a refused request wrote something: all rows cost more than the request.
            refused = exchange.answer.status >= 400
            suspicious = refused and bool(declassified.undeclared(exchange.answer.writes))
            left = client.target.digests(declassified.columns) if suspicious else {}
        if hidden and not self._is_hidden(exchange, operation, key):
            after = None
        found = client.target.digests(declassified.columns) if suspicious else {}
        with client.target.undone(keep_caches=keep_caches):
            control = self.control(cell)  # a write that found its way to something is undone as well
        return Evidence(
            cell,
            operation,
            client.world,
            subject,
            [exchange],
            declassified=declassified,
            before=before,
            after=after,
            added=tuple(added),
            touched=frozenset(model for model in left if left[model] != found.get(model)),
            write_token=token if (token := client.write_token(cell)) in repr(exchange.request.body) else "",
            **control,
        )

    def ask(self, cell: Cell, *, keep_caches: bool = False, sent: Request | None = None) -> Evidence:
        """`read` or `write`, whichever the operation does."""
        if self.client.contract.api.operations[cell.operation].is_safe:
            return self.read(cell, sent=sent)
        return self.write(cell, keep_caches=keep_caches, sent=sent)

    def _is_hidden(self, exchange: Exchange, operation: Operation, key: Any) -> bool:
        """Whether a row is nowhere to be found: not by the model's default manager, or not by whoever sent this."""
        if not self.client.target.finds(operation.model, key):
            return True
        operations = self.client.contract.api.operations.values()
        if not any(other.method == "GET" and other.path == operation.path for other in operations):
            return False
        return self.client.target.send(replace(exchange.request, method="GET", body=None)).status == 404

    def _send(self, cell: Cell, sent: Request | None) -> Exchange:
        request = sent or self.client.request(cell)
        return Exchange(request, self.client.target.send(request))

    def control(self, cell: Cell) -> dict[str, Any]:
        """For what must be hidden: the answer for an id that never existed, and the two ids that were asked for."""
        if not cell.outcomes & {Outcome.HIDDEN, Outcome.UNKNOWN}:
            return {}
        operation = self.client.contract.api.operations[cell.operation]
        if not operation.lookup and cell.subject not in self.client.world.ids:
            return {}
        ids = [self.client.requested_ids(operation, cell, missing=missing) for missing in (False, True)]
        asked = (cell.operation, cell.variant, cell.principal)
        if asked not in self.controls:
            self.controls[asked] = self.client.send(cell, missing=True).answer
        return {
            "control": self.controls[asked],
            "control_again": lambda: self.client.send(cell, missing=True).answer,
            "requested": tuple(ids),
        }
