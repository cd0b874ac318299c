"""What no answer may do, whoever asks for whatever: leak, crash, hang, redirect, be throttled unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coursegate.contracts.declassified import Declassified
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import WorldContract
from coursegate.harness.canaries import tokens_in
from coursegate.harness.judging.echo import without_echo
from coursegate.harness.observation import Answer, Exchange
from coursegate.harness.verdicts import Kind, Problem
from coursegate.harness.world import World

# What lets a cache that many share keep an answer to credentials, and what does not after all.
_SHARED, _NOT_SHARED = frozenset({"public", "s-maxage"}), frozenset({"private", "no-store", "no-cache"})


@dataclass(frozen=True)
class Asked:
    """Who asked for what, and what is known of the world they asked in.

    Attributes:
        also: whom the request itself made of the caller: who signs in is, from then on, the account.
    """

    operation: str
    principal: str
    world: World
    declassified: Declassified
    also: str = ""


def leaks(exchange: Exchange, asked: Asked) -> Iterator[Problem]:
    """Canaries above the principal's clearance, and keys that are closed to it, unless this operation may show them."""
    yield from canaries_above(exchange, asked)
    yield from _closed_keys(exchange, asked)


def canaries_above(exchange: Exchange, asked: Asked) -> Iterator[Problem]:
    """Canaries above the principal's clearance, in body and headers."""
    operation, principal = asked.operation, asked.principal
    world, declassified = asked.world, asked.declassified
    seen = world.aviary.above_clearance(world.aviary.seen_in(*_without_echo(exchange)), principal, asked.also)
    objects = world.contract.objects
    # The first one says what an answer is about: one that breaks what other objects go by comes first.
    for canary in sorted(seen, key=lambda canary: bool(objects[canary.object].promise)):
        what = f"{canary.model}.{canary.field}"
        if principal in declassified.readers(operation, what, canary.object):
            continue
        yield Problem(
            Kind.LEAK,
            f"{principal} received the canary of {canary}, which is for {_audience(canary.clearance)}",
            f"{operation} leaks {what}",
            about=objects[canary.object].promise,
        )


def shared_by_caches(exchange: Exchange, operation: Operation) -> Iterator[Problem]:
    """What was answered to an account, and may be kept by caches that hand it to others (RFC 9111 §3.5).

    Not what is made out for each account by `Vary`, nor what such a cache must ask for again; nor what is about nothing of
    the world and the same for all: a version, a state of health.
    """
    answer, sent = exchange.answer, {name.lower() for name in exchange.request.headers}
    about = operation.model or operation.collection or operation.creates or not operation.admits_guests
    if (
        not (operation.takes_credentials and about)
        or not 200 <= answer.status < 300
        or "authorization" not in sent
    ):
        return
    told = {part.strip().partition("=")[0].lower() for part in answer.header("Cache-Control").split(",")}
    varies = {part.strip().lower() for part in answer.header("Vary").split(",")}
    if told & _SHARED and not told & _NOT_SHARED and not varies & {"authorization", "*"}:
        yield Problem(
            Kind.LEAK,
            f"what {exchange.request.principal} is answered may be kept and handed to others: "
            f"Cache-Control is {answer.header('Cache-Control')!r}, and it does not vary by Authorization",
            f"{operation.id} lets caches hand the answers of one to others",
        )


def _without_echo(exchange: Exchange) -> tuple[bytes, dict[str, str]]:
    """Body and headers, but for the caller's own words: links to further pages repeat the query; a redirect to a login page
    names the path, and so do some error pages; a refusal says which value of the body it means.
    """
    path, _, query = exchange.request.path.partition("?")
    sent = {parameter for parameter in query.split("&") if tokens_in(parameter.lower())}
    if exchange.answer.status >= 300:
        sent |= {path, *_texts(exchange.request.body)}
    body, headers = exchange.answer.body, dict(exchange.answer.headers)
    for own in {*sent, *(quote(each, safe="") for each in sent)}:
        body = without_echo(body, own.encode(), b"")
        headers = {name: without_echo(value, own, "") for name, value in headers.items()}
    return body, headers


def _texts(value: Any) -> Iterator[str]:
    """The texts in what was sent that hold a canary; without others, short ones above all, there is as much to be found."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif isinstance(value, str) and tokens_in(value.lower()):
        yield value


def _closed_keys(exchange: Exchange, asked: Asked) -> Iterator[Problem]:
    operation, principal = asked.operation, asked.principal
    world, declassified = asked.world, asked.declassified
    # Errors by field name the fields of the request, not what is stored.
    answer = None if exchange.answer.status in {400, 422} else exchange.answer.json
    for key in sorted(set(_open_keys(answer, principal, world.contract))):
        if principal in declassified.readers_of_key(operation, key):
            continue
        yield Problem(
            Kind.LEAK,
            f"{principal} received the key {key!r}, which is for {_audience(world.contract.closed_keys[key])}",
            f"{operation} leaks the key {key}",
        )


def side_effects(exchange: Exchange, asked: Asked) -> Iterator[Problem]:
    """What a read wrote besides the counters it may touch, and what the backend keeps of its own (RFC 9110 §9.2.1)."""
    for what in sorted(asked.declassified.undeclared(exchange.answer.writes)):
        yield Problem(
            Kind.EFFECT,
            f"reading wrote {what}, which is no declared counter",
            f"{asked.operation} writes {what} although it only reads",
        )


def breakdowns(answer: Answer, operation: str, announced: Collection[str] = ()) -> Iterator[Problem]:
    """An answer that is no answer: a crash, or a request that never came back.

    Args:
        announced: the statuses of the operation. Where it may say that what it needs is out of service, it has not crashed.
    """
    if answer.hang:
        yield Problem(
            Kind.HANG, f"no answer in time; it stood in {answer.hang}", f"{operation} hangs in {answer.hang}"
        )
    elif answer.error and answer.status >= 500:
        error = answer.error
        yield Problem(
            Kind.ERROR,
            f"{answer.status}: {error.exception}: {error.message} at {error.place}",
            f"{error.exception} at {error.place}: {error.message}",
        )
    elif answer.status >= 500 and not (answer.status == 503 and "503" in announced):
        yield Problem(
            Kind.ERROR, f"{answer.status} without an exception", f"{operation} answers {answer.status}"
        )


def _open_keys(value: Any, principal: str, contract: WorldContract) -> Iterator[str]:
    """Keys anywhere in a JSON value that hold something although they are closed to the principal."""
    if isinstance(value, dict):
        for key, inner in value.items():
            # A text that is left out may stand there empty: what there is to tell of it carries a canary.
            if (
                inner not in (None, "")
                and key in contract.closed_keys
                and principal not in contract.closed_keys[key]
            ):
                yield key
            yield from _open_keys(inner, principal, contract)
    elif isinstance(value, list):
        for inner in value:
            yield from _open_keys(inner, principal, contract)


def _audience(clearance: frozenset[str]) -> str:
    return ", ".join(sorted(clearance)) or "nobody"
