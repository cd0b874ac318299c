"""One case, sent as every tier: drawn once, so that only who asks differs between the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from coursegate.contracts.corpus import Case
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound

# Whoever sees most comes first: what is left in a cache meets everybody after them.
TIERS = ("staff", "owner", "peer", "premium", "registered", GUEST)
_REFERENCE = re.compile(r"\$\(([\w-]+)\.(\w+)\)")


@dataclass(frozen=True)
class Trial:
    """A case and how each tier was answered.

    Attributes:
        touched: tiers that were refused, and what they left written all the same.
    """

    case: Case
    operation: Operation
    seen: dict[str, Exchange]
    touched: dict[str, frozenset[str]]


def send(case: Case, bound: Bound, tiers: Sequence[str] = ()) -> Trial:
    """Send a case as the given tiers, as those it says, or as everybody; nothing of it stays in the target.

    Raises:
        CannotAsk: an object that it names was not built, or nobody can sign in.
    """
    operation = bound.contract.api.operations[case.operation]
    seen: dict[str, Exchange] = {}
    touched: dict[str, frozenset[str]] = {}
    declassified = bound.contract.declassified
    bound.target.clear_caches()
    for tier in tiers or case.tiers or TIERS:
        request = request_of(case, operation, tier, bound)
        with bound.target.undone(keep_caches=operation.is_safe):
            exchange = Exchange(request, bound.target.send(request))
            refused = exchange.answer.status >= 400 and bool(declassified.undeclared(exchange.answer.writes))
            left = bound.target.digests(declassified.columns) if refused else {}
        if refused:
            found = bound.target.digests(declassified.columns)
            touched[tier] = frozenset(model for model in left if left[model] != found.get(model))
        seen[tier] = exchange
    return Trial(case, operation, seen, touched)


def request_of(case: Case, operation: Operation, tier: str, bound: Bound) -> Request:
    """The request of a case as a tier sends it."""
    headers = {} if tier == GUEST else {"Authorization": f"Bearer {bound.client.sign_in(tier)}"}
    path = operation.path_for(quote(str(_filled(case.path, bound)), safe="") if operation.lookup else "")
    if case.query:
        path += "?" + urlencode([(name, str(_filled(value, bound))) for name, value in case.query])
    secrets = tuple(account.password for account in bound.world.accounts.values())
    return Request(
        operation.method, path, tier, headers, operation.completed(_filled(case.body, bound)), secrets
    )


def _filled(value: Any, bound: Bound) -> Any:
    """A value with the objects of the world that it names."""
    if isinstance(value, dict):
        return {key: _filled(inner, bound) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, bound) for inner in value]
    if not isinstance(value, str) or "$(" not in value:
        return value
    if (whole := _REFERENCE.fullmatch(value)) and whole[2] == "pk":
        return bound.world.ids[_named(whole[1], bound)]
    return _REFERENCE.sub(lambda match: _attribute(match[1], match[2], bound), value)


def _attribute(name: str, attribute: str, bound: Bound) -> str:
    account = bound.world.accounts.get(name)
    if account is not None and attribute in {"email", "password"}:
        return str(getattr(account, attribute))
    return bound.world.lookups[_named(name, bound)].get(attribute, "")


def _named(name: str, bound: Bound) -> str:
    if name not in bound.world.ids:
        raise CannotAsk(
            f"{name} is not there: {bound.world.why_missing(name) or 'the world has no such object'}"
        )
    return name
