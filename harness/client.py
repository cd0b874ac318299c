"""Asking as somebody: from a cell of the access table to a request, its answer, and all its pages."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from coursegate.contracts.access import SELF, Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import NEVER_EXISTED, NEVER_EXISTED_UUID, Operation
from coursegate.contracts.world import GUEST, PROFILE, SUBSCRIPTION
from coursegate.harness.canaries import mint
from coursegate.harness.lifetime import lifetime
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.targets.target import Target
from coursegate.harness.verdicts import NEEDS_WRITES
from coursegate.harness.world import World

TOKEN_PATH = "/api/token/"
_REFERENCE = re.compile(r"\$\(([\w-]+)\.(\w+)\)")
MOST_PAGES = 50
WORN = 0.75  # of its lifetime: what is under way with a token still has the rest
WRITES_NOT_ALLOWED = f"{NEEDS_WRITES}: what a write leaves behind cannot be undone over HTTP (--allow-writes)"


class CannotAsk(Exception):
    """A cell cannot be asked: its subject or its principal's token is missing. The text says why."""


class CannotAssess(Exception):
    """Something cannot be judged on this target. The text says why, and begins with the word for it."""


class NotApplicable(Exception):
    """What is asked about does not exist in this target: it was looked for. The text says what."""


@dataclass
class Client:
    target: Target
    world: World
    contract: Contract
    tokens: dict[str, str] = field(default_factory=dict)
    renewals: dict[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def sign_in(self, principal: str) -> str:
        """The access token of a principal, obtained through the backend's own token operation: once, and again before it
        runs out.

        Where that operation is broken, the backend's token library mints one: its failure is then told by preflight,
        and the rest can still be judged.

        Raises:
            CannotAsk: neither way gives a token.
        """
        if principal in self.tokens and not self._is_worn(principal):
            return self.tokens[principal]
        if principal not in self.refused:
            if missing := self.world.why_missing(principal):
                raise CannotAsk(f"there is no account {principal}: {missing}")
            answer = self.target.send(self.token_request(principal))
            token = token_of(answer) or self.target.mint_token(self.world.ids[principal])
            if token:
                self.tokens[principal] = token
                self.renewals[principal] = time.monotonic() + lifetime(token) * WORN
                return token
            self.refused[principal] = f"POST {TOKEN_PATH} gave {principal} no token: {answer.summary}"
        raise CannotAsk(self.refused[principal])

    def _is_worn(self, principal: str) -> bool:
        """Whether a new token is due.

        Not in our own process, where tokens are made to outlast the run (`overlay`) and clocks are put on and stopped:
        a token of the one time would be worth nothing at the other.
        """
        due = self.renewals.get(principal, math.inf)
        return time.monotonic() > due and not self.target.abilities.undoes

    def signed_anew(self, request: Request) -> Request:
        """A request that is older than the token it was made with may be, with one that is worth something.

        Raises:
            CannotAsk: there is none.
        """
        if request.principal not in self.world.accounts:
            return request
        return replace(request, headers={"Authorization": f"Bearer {self.sign_in(request.principal)}"})

    def refresh_token(self, account: str) -> str:
        """A refresh token of an account; each is used once, so each asking signs in anew.

        Raises:
            CannotAsk: the token operation gives none.
        """
        answer = self.target.send(self.token_request(account))
        if not (token := token_of(answer, "refresh")):
            raise CannotAsk(f"POST {TOKEN_PATH} gave {account} no refresh token: {answer.summary}")
        return token

    def token_request(self, principal: str) -> Request:
        account = self.world.accounts[principal]
        body = {"email": account.email, "password": account.password}
        return Request("POST", TOKEN_PATH, principal, body=body, secrets=(account.password,))

    def request(self, cell: Cell, *, missing: bool = False) -> Request:
        """The request of a cell; with `missing`, the same request for an id that never existed.

        Raises:
            CannotAsk: the subject was not built, or the principal has no token.
            NotApplicable: the database keeps such a subject out.
        """
        operation = self.contract.api.operations[cell.operation]
        if reason := self.world.kept_out(cell.subject):
            raise NotApplicable(f"{cell.subject} cannot be: {reason}")
        headers = {}
        if cell.principal != GUEST:
            headers["Authorization"] = f"Bearer {self.sign_in(cell.principal)}"
        path = self._path(operation, cell, missing)
        secrets = tuple(account.password for account in self.world.accounts.values())
        body = self.body(cell, missing=missing and not operation.lookup)
        return Request(operation.method, path, cell.principal, headers, body, secrets)

    def _path(self, operation: Operation, cell: Cell, missing: bool) -> str:
        query = f"?{operation.query}" if operation.query else ""
        if not operation.lookup:
            return operation.path + query
        if reason := self.world.why_missing(cell.subject):
            raise CannotAsk(f"{cell.subject} is not there: {reason}")
        (value,) = self.requested_ids(operation, cell, missing)
        return operation.path_for(value) + query

    def requested_ids(self, operation: Operation, cell: Cell, missing: bool = False) -> tuple[str, ...]:
        """What names the subject: once in the path, or else in the body, in each way in which that does."""
        if not operation.lookup:
            named = [name for name in ("slug", "pk") if f"$(subject.{name})" in repr(operation.bodies)] or [
                "pk"
            ]
            known = NEVER_EXISTED if missing else self.world.lookups[cell.subject]
            return tuple(known[name] for name in named)
        if missing:
            numbered = isinstance(self.world.ids.get(cell.subject, 0), int)
            return (operation.missing if numbered or operation.attribute != "pk" else NEVER_EXISTED_UUID,)
        # A model that lacks the attribute is asked by the subject's name: what then comes back can be judged.
        return (self.world.lookups[cell.subject].get(operation.attribute, cell.subject),)

    def body(self, cell: Cell, *, missing: bool = False) -> Any:
        """The example that the cell sends: "$canary" becomes a token of its own, "$(name.pk)" an object's key.

        With `missing`, the subject's key is one that never existed.

        Raises:
            CannotAsk: an object that the body names was not built.
        """
        bodies = self.contract.api.operations[cell.operation].bodies
        if not bodies:
            return None
        example = bodies[cell.variant] if cell.variant else next(iter(bodies.values()))
        return self._filled(_with_missing_subject(example) if missing else example, cell)

    def _filled(self, value: Any, cell: Cell) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(inner, cell) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, cell) for inner in value]
        if not isinstance(value, str):
            return value
        if (whole := _REFERENCE.fullmatch(value)) and whole[2] == "pk":
            return self.world.ids.get(self._named(whole[1], cell))
        value = _REFERENCE.sub(lambda match: self._attribute(match, cell), value)
        return value.replace("$canary", self.write_token(cell))

    def _attribute(self, match: re.Match[str], cell: Cell) -> str:
        name = self._named(match[1], cell)
        if name in self.world.accounts and match[2] in {"email", "password"}:
            return str(getattr(self.world.accounts[name], match[2]))
        if match[2] == "refresh":
            return self.refresh_token(name)
        return self.world.lookups[name].get(match[2], "")

    def _named(self, name: str, cell: Cell) -> str:
        name = self.subject_of(cell) if name == "subject" else name
        if name not in self.world.ids:
            raise CannotAsk(
                f"{name} is not there: {self.world.why_missing(name) or 'the world has no such object'}"
            )
        return name

    def named_in_body(self, cell: Cell) -> list[str]:
        """The objects whose keys the cell's body holds."""
        bodies = self.contract.api.operations[cell.operation].bodies
        example = (bodies[cell.variant] if cell.variant else next(iter(bodies.values()))) if bodies else {}
        names = (match[1] for match in _REFERENCE.finditer(repr(example)))
        return [self.subject_of(cell) if name == "subject" else name for name in names]

    def subject_of(self, cell: Cell) -> str:
        """The object a cell is about; of `self` the caller's own, "" where there is none."""
        if cell.subject != SELF:
            return cell.subject if cell.subject in self.world.ids else ""
        model = self.contract.api.operations[cell.operation].model
        name = cell.principal + {PROFILE: "-profile", SUBSCRIPTION: "-subscription"}.get(model, "")
        return name if name in self.world.ids else ""

    def write_token(self, cell: Cell) -> str:
        return mint(self.world.seed, "write", cell.id)

    def send(self, cell: Cell, *, missing: bool = False) -> Exchange:
        request = self.request(cell, missing=missing)
        return Exchange(request, self.target.send(request))

    def pages(self, first: Exchange) -> list[Exchange]:
        """An answer with all that follow it by `next`, at most `MOST_PAGES` for each size of the world."""
        pages, seen = [first], {first.request.path}
        most = MOST_PAGES * self.contract.world.size
        while len(pages) < most and (path := _next_path(pages[-1].answer)) and path not in seen:
            seen.add(path)
            request = Request("GET", path, first.request.principal, first.request.headers)
            pages.append(Exchange(request, self.target.send(request), first.moment))
        return pages


def _with_missing_subject(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_missing_subject(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_missing_subject(inner) for inner in value]
    missing = {"$(subject.pk)": int(NEVER_EXISTED["pk"]), "$(subject.slug)": NEVER_EXISTED["slug"]}
    return missing.get(value, value) if isinstance(value, str) else value


def token_of(answer: Answer, kind: str = "access") -> str:
    """The access (or refresh) token in the answer of a token operation, or ""."""
    token = answer.json.get(kind) if answer.status == 200 and isinstance(answer.json, dict) else None
    return token if isinstance(token, str) else ""


def rows_of(answer: Answer, rows_at: tuple[str, ...] = ()) -> list[Any] | None:
    """The rows of a list answer: where they are said to stand, in an envelope, or bare; None where it is no list."""
    found = answer.json
    for key in rows_at or (("results",) if isinstance(found, dict) else ()):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, list) else None


def key_of(shown: Any) -> Any:
    """The key of a row that is shown whole, or by its key alone."""
    return shown["id"] if isinstance(shown, dict) else shown


def _next_path(answer: Answer) -> str:
    """Where the next page is, as a path on the same host, whatever host the answer names."""
    link = answer.json.get("next") if isinstance(answer.json, dict) else None
    if not isinstance(link, str):
        return ""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
