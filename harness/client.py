"""Asking as somebody: from a cell of the access table to a request, its answer, and all its pages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.canaries import mint
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.targets.target import Target
from coursegate.harness.world import World

TOKEN_PATH = "/api/token/"
NEVER_EXISTED = {"pk": "999999999", "slug": "there-never-was-such-a-thing"}
MOST_PAGES = 50


class CannotAsk(Exception):
    """A cell cannot be asked: its subject or its principal's token is missing. The text says why."""


@dataclass
class Client:
    target: Target
    world: World
    contract: Contract
    tokens: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def sign_in(self, principal: str) -> str:
        """The access token of a principal, obtained once through the backend's own token operation.

        Where that operation is broken, the backend's token library mints one: its failure is then told by preflight,
        and the rest can still be judged.

        Raises:
            CannotAsk: neither way gives a token.
        """
        if principal in self.tokens:
            return self.tokens[principal]
        if principal not in self.refused:
            if missing := self.world.why_missing(principal):
                raise CannotAsk(f"there is no account {principal}: {missing}")
            answer = self.target.send(self.token_request(principal))
            token = token_of(answer) or self.target.mint_token(self.world.ids[principal])
            if token:
                self.tokens[principal] = token
                return token
            self.refused[principal] = f"POST {TOKEN_PATH} gave {principal} no token: {answer.summary}"
        raise CannotAsk(self.refused[principal])

    def token_request(self, principal: str) -> Request:
        account = self.world.accounts[principal]
        body = {"email": account.email, "password": account.password}
        return Request("POST", TOKEN_PATH, principal, body=body, secrets=(account.password,))

    def request(self, cell: Cell, *, missing: bool = False) -> Request:
        """The request of a cell; with `missing`, the same request for an id that never existed.

        Raises:
            CannotAsk: the subject was not built, or the principal has no token.
        """
        operation = self.contract.api.operations[cell.operation]
        headers = {}
        if cell.principal != GUEST:
            headers["Authorization"] = f"Bearer {self.sign_in(cell.principal)}"
        path = self._path(operation, cell, missing)
        return Request(operation.method, path, cell.principal, headers, self.body(cell))

    def _path(self, operation: Operation, cell: Cell, missing: bool) -> str:
        if not operation.lookup:
            return operation.path
        if reason := self.world.why_missing(cell.subject):
            raise CannotAsk(f"{cell.subject} is not there: {reason}")
        value = self.requested_id(operation, cell, missing)
        if not value:
            raise CannotAsk(f"{cell.subject} has no {operation.lookup}")
        return operation.path.replace("{" + operation.lookup + "}", value)

    def requested_id(self, operation: Operation, cell: Cell, missing: bool = False) -> str:
        if missing:
            return NEVER_EXISTED[operation.lookup]
        return self.world.lookups[cell.subject].get(operation.lookup, "")

    def body(self, cell: Cell) -> Any:
        """The example that the cell sends, with a token of its own in place of "$canary"."""
        bodies = self.contract.api.operations[cell.operation].bodies
        if not bodies:
            return None
        example = bodies[cell.variant] if cell.variant else next(iter(bodies.values()))
        return json.loads(json.dumps(example).replace("$canary", self.write_token(cell)))

    def write_token(self, cell: Cell) -> str:
        return mint(self.world.seed, "write", cell.id)

    def send(self, cell: Cell, *, missing: bool = False) -> Exchange:
        request = self.request(cell, missing=missing)
        return Exchange(request, self.target.send(request))

    def pages(self, first: Exchange) -> list[Exchange]:
        """An answer with all that follow it by `next`, at most `MOST_PAGES`."""
        pages, seen = [first], {first.request.path}
        while len(pages) < MOST_PAGES and (path := _next_path(pages[-1].answer)) and path not in seen:
            seen.add(path)
            request = Request("GET", path, first.request.principal, first.request.headers)
            pages.append(Exchange(request, self.target.send(request), first.moment))
        return pages


def token_of(answer: Answer) -> str:
    """The access token in the answer of a token operation, or ""."""
    token = answer.json.get("access") if answer.status == 200 and isinstance(answer.json, dict) else None
    return token if isinstance(token, str) else ""


def rows_of(answer: Answer) -> list[Any] | None:
    """The rows of a list answer, with or without an envelope; None where it is no list."""
    found = answer.json.get("results") if isinstance(answer.json, dict) else answer.json
    return found if isinstance(found, list) else None


def _next_path(answer: Answer) -> str:
    """Where the next page is, as a path on the same host, whatever host the answer names."""
    link = answer.json.get("next") if isinstance(answer.json, dict) else None
    if not isinstance(link, str):
        return ""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
