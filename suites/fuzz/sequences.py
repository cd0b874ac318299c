"""What can be made through the API: made, read, changed, deleted, and asked for again as everybody."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.contracts.access import Cell
from coursegate.contracts.openapi import GONE
from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.judging.universal import Asked, breakdowns, leaks
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.fuzz.cases import FuzzCheck, maker, single

STRANGERS = (GUEST, "premium", "peer")


def ask(check: FuzzCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Make one as whoever may, and follow it to its end; nothing of it stays in the target.

    Raises:
        CannotAsk: who makes it has no token, an object that it needs was not built, or nothing is made.
        NotApplicable: the answer does not name what was made, and need not.
    """
    made = maker(check.operation, bound.contract)
    assert made is not None, "only what somebody makes for certain is a check"
    for tier in (made.principal, *STRANGERS):
        if tier != GUEST:
            bound.client.sign_in(tier)
    with bound.target.undone():
        walk = _Walk(check, bound, made)
        walk.walk()
    return list(reversed(walk.exchanges)), walk.problems


class _Walk:
    def __init__(self, check: FuzzCheck, bound: Bound, maker: Cell) -> None:
        self.check, self.bound, self.maker = check, bound, maker
        self.ways = single(bound.contract.api.operations[check.operation], bound.contract)
        self.exchanges: list[Exchange] = []
        self.problems: list[Problem] = []

    def walk(self) -> None:
        made = self._send(self.bound.client.request(self.maker))
        body = made.answer.json
        if self.problems:
            return
        if made.answer.status != 201 or not isinstance(body, dict):
            raise CannotAsk(f"nothing is made: access/{self.maker.id} is answered {made.answer.summary}")
        reading = self.ways["GET"]
        name = "id" if reading.attribute == "pk" else reading.attribute
        if (key := body.get(name)) is None:
            if name in self.bound.contract.api.operations[self.check.operation].answer_fields:
                raise CannotAsk(f"what was made cannot be found: its answer holds no {name}")
            raise NotApplicable(f"the answer to who makes one need not name its {name}, and does not")
        path = reading.path_for(key)
        first = self._as_maker("GET", path)
        if first.answer.status != 200:
            self._fault(f"what was just made is answered {first.answer.status}", Kind.EFFECT)
        again = self._as_maker("GET", path)
        if again.answer.status != first.answer.status:
            self._fault(
                f"asked twice it is answered {first.answer.status}, then {again.answer.status}", Kind.FORM
            )
        for tier in STRANGERS:
            if tier != self.maker.principal:
                self._send(self._request("GET", path, tier))
        if "DELETE" in self.ways:
            self._end(path)

    def _end(self, path: str) -> None:
        """Delete it, and use it once more in every way."""
        gone = self._as_maker("DELETE", path)
        if gone.answer.status not in {200, 204} or self.ways["DELETE"].effect != GONE:
            return
        for method in ("GET", "PATCH", "PUT", "DELETE"):
            if method not in self.ways:
                continue
            body = next(iter(self.ways[method].bodies.values()), {}) if method in {"PATCH", "PUT"} else None
            after = self._as_maker(method, path, body)
            if after.answer.status != 404:
                kind = Kind.EFFECT if after.answer.status < 300 else Kind.FORM
                self._fault(
                    f"after it was deleted {method} is answered {after.answer.status} instead of 404", kind
                )

    def _as_maker(self, method: str, path: str, body: object = None) -> Exchange:
        return self._send(self._request(method, path, self.maker.principal, body))

    def _request(self, method: str, path: str, tier: str, body: object = None) -> Request:
        headers = {} if tier == GUEST else {"Authorization": f"Bearer {self.bound.client.sign_in(tier)}"}
        return Request(method, path, tier, headers, body)

    def _send(self, request: Request) -> Exchange:
        exchange = Exchange(request, self.bound.target.send(request))
        self.exchanges.append(exchange)
        self.problems += self._universal(exchange)
        return exchange

    def _universal(self, exchange: Exchange) -> Iterator[Problem]:
        asked = Asked(
            self.check.operation,
            exchange.request.principal,
            self.bound.world,
            self.bound.contract.declassified,
        )
        yield from leaks(exchange, asked)
        yield from breakdowns(exchange.answer, self.check.operation)

    def _fault(self, text: str, kind: Kind) -> None:
        self.problems.append(Problem(kind, text, f"{self.check.operation}: {text}"))
