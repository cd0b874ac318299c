"""What the answers to one case must not be: each alone, and held against each other."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema_rs

from coursegate.contracts.access import AccessContract
from coursegate.contracts.openapi import ApiContract, Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.client import rows_of
from coursegate.harness.judging.conformance import conformance_of
from coursegate.harness.judging.universal import Asked, breakdowns, leaks, side_effects
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.fuzz.sending import Trial

# From whom nothing may be kept that the one before sees, where an operation is for everybody.
LADDER = (GUEST, "registered", "premium", "staff")
# Of a body that the contract excludes, the rules that a framework does not bend by turning types into each other.
FIRM = frozenset({"maximum", "minimum", "maxLength", "enum", "maxItems", "required"})
Found = Iterator[tuple[str, Problem]]


def problems(trial: Trial, bound: Bound) -> Found:
    """Who was answered wrongly, and what is wrong with it."""
    for tier, exchange in trial.seen.items():
        for oracle in ALONE:
            yield from ((tier, problem) for problem in oracle(trial, tier, exchange, bound))
    if trial.operation.is_safe and is_public(trial.operation, bound.contract.api):
        yield from _ladder(trial, bound)


def _universal(trial: Trial, tier: str, exchange: Exchange, bound: Bound) -> Iterator[Problem]:
    also = _account_in(trial.case.body) if trial.operation.authenticates else ""
    asked = Asked(trial.operation.id, tier, bound.world, bound.contract.declassified, also)
    yield from leaks(exchange, asked)
    yield from breakdowns(exchange.answer, trial.operation.id, trial.operation.statuses)
    if trial.operation.is_safe:
        yield from side_effects(exchange, asked)
    yield from conformance_of(bound.contract.api).problems(exchange)


def _account_in(body: Any) -> str:
    """The account that a sign-in names."""
    text = json.dumps(body)
    return text.partition("$(")[2].partition(".")[0]


def _rows(trial: Trial, tier: str, exchange: Exchange, bound: Bound) -> Iterator[Problem]:
    """Lists hold no row, and count none, that does not open for the caller, however they are filtered."""
    operation, answer, world = trial.operation, exchange.answer, bound.world
    rows = rows_of(answer, operation.rows_at) if operation.collection and answer.status == 200 else None
    if rows is None:
        return
    existing = world.existing.get(operation.model, set())
    listable = world.listable(operation, tier)
    known = listable.keys() | existing
    strangers = [
        row["id"] for row in rows if isinstance(row, dict) and "id" in row and row["id"] not in known
    ]
    if strangers:
        name = world.rows_of(operation.model).get(strangers[0], f"id {strangers[0]}")
        text = f"{tier} was shown {name}"
        yield Problem(
            Kind.LEAK, text, f"{operation.id} lists {operation.model} rows that do not open for the caller"
        )
    total = answer.json.get(operation.total_at) if isinstance(answer.json, dict) else None
    if isinstance(total, int) and not operation.rows_at and total > len(known):
        text = f"{operation.total_at} says {total}, but only {len(known)} rows can open for {tier}"
        yield Problem(
            Kind.LEAK,
            text,
            f"{operation.id}: {operation.total_at} counts rows that do not open for the caller",
        )


def _refusals(trial: Trial, tier: str, exchange: Exchange, bound: Bound) -> Iterator[Problem]:
    """Whoever the table lets in nowhere is let in with nothing; who must sign in is told so first."""
    operation, status = trial.operation, exchange.answer.status
    if 200 <= status < 300 and not may_succeed(operation.id, tier, bound.contract.access):
        ignored = tier == GUEST and not is_public(operation, bound.contract.api)
        told = "without credentials" if ignored else f"as {tier}, whom the access table lets in nowhere"
        cause = "authentication is ignored" if ignored else "lets in whom the access table lets in nowhere"
        kind = Kind.LEAK if operation.is_safe else Kind.EFFECT
        yield Problem(kind, f"it answers {status} {told}", f"{operation.id}: {cause}")
    elif (
        tier == GUEST
        and status in {400, 409, 422}
        and not is_public(operation, bound.contract.api)
        and not (status == 400 and has_nul(exchange.request))
    ):
        text = f"it answers a guest {status} before it asks who that is"
        yield Problem(Kind.FORM, text, f"{operation.id}: a guest is answered {status} instead of 401")
    if trial.touched.get(tier):
        what = ", ".join(sorted(trial.touched[tier]))
        text = f"{tier} was refused with {status}, but {what} was written"
        yield Problem(Kind.EFFECT, text, f"{operation.id} writes {what} for requests that it refuses")


def has_nul(request: Request) -> bool:
    """Whether a request carries the character that no server need take for a request (policy 10)."""
    return "%00" in request.path or "\\u0000" in json.dumps(request.body)


def _acceptance(trial: Trial, tier: str, exchange: Exchange, bound: Bound) -> Iterator[Problem]:
    """What the contract excludes from a body is not accepted."""
    if not 200 <= exchange.answer.status < 300 or not isinstance(exchange.request.body, dict):
        return
    stored = exchange.answer.json if isinstance(exchange.answer.json, dict) else {}
    for keyword, place in _violations(trial.operation, exchange.request.body, bound.contract.api):
        # What is sent besides what the caller may set is rightly left out of account.
        if keyword != "required" and stored.get(place) != exchange.request.body.get(place):
            continue
        text = (
            f"{tier} sent a body that breaks {keyword} at {place}, and was answered {exchange.answer.status}"
        )
        yield Problem(Kind.FORM, text, f"{trial.operation.id} accepts what {keyword} of {place} excludes")


ALONE: tuple[Callable[[Trial, str, Exchange, Bound], Iterator[Problem]], ...] = (
    _universal,
    _rows,
    _refusals,
    _acceptance,
)


def _ladder(trial: Trial, bound: Bound) -> Found:
    """Nobody sees a field, a canary or a success that somebody above them lacks."""
    there = [tier for tier in LADDER if tier in trial.seen]
    for lower, higher in itertools.pairwise(there):
        one, other = trial.seen[lower].answer, trial.seen[higher].answer
        if one.status != 200:
            continue
        name = trial.operation.id
        if other.status != 200:
            text = f"{lower} is answered 200, {higher} {other.status}"
            cause = f"{name}: a lower tier succeeds where a higher one does not"
            yield lower, Problem(Kind.FORM, text, cause)
        elif not _is_cut(one) and not _is_cut(other):
            for what, lacking in _lacks(lower, one, other, bound).items():
                text = f"{lower} sees the {what} {lacking}, {higher} does not"
                cause = f"{name}: a lower tier sees a {what} that a higher one lacks"
                yield lower, Problem(Kind.LEAK, text, cause)


def _lacks(lower: str, one: Answer, other: Answer, bound: Bound) -> dict[str, str]:
    """What only the lower one sees, but for what is its own, and what everybody may see: a teaser names the course."""
    aviary, contract = bound.world.aviary, bound.world.contract
    theirs = aviary.seen_in(other.body, other.headers)
    canaries = [
        str(canary)
        for canary in aviary.seen_in(one.body, one.headers)
        if canary not in theirs
        and not canary.clearance >= set(contract.principals)
        and contract.account_of(canary.object) != lower
    ]
    # Whoever has an account has rows of their own in answers, and these have fields of their own.
    fields = sorted(set(_places(one.json)) - set(_places(other.json))) if lower == GUEST else []
    found = {"canary": canaries[:1], "field": fields[:1]}
    return {what: names[0] for what, names in found.items() if names}


def _is_cut(answer: Answer) -> bool:
    """Whether an answer is one page of several: of those no two hold the same part."""
    body = answer.json
    return isinstance(body, dict) and bool(body.get("next") or body.get("previous"))


def _places(value: Any, place: str = "") -> Iterator[str]:
    """Where an answer holds something, by the names of its keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{place}.{key}"
            yield from _places(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _places(inner, f"{place}[]")


def is_public(operation: Operation, api: ApiContract) -> bool:
    """Whether the contract lets anybody ask."""
    plain = api.document["paths"][operation.path][operation.method.lower()]
    ways = plain.get("security", api.document.get("security", []))
    return not ways or {} in ways


_ALLOWED: dict[int, frozenset[tuple[str, str]]] = {}


def may_succeed(operation: str, tier: str, access: AccessContract) -> bool:
    """Whether the access table lets that tier in anywhere; outcomes that are answered with 200 count."""
    if id(access) not in _ALLOWED:
        refusals = {"login", "denied", "hidden", "absent", "invalid", "conflict", "unknown"}
        _ALLOWED[id(access)] = frozenset(
            (cell.operation, cell.principal)
            for cell in access.cells.values()
            if not {str(outcome) for outcome in cell.outcomes} <= refusals
        )
    return (operation, tier) in _ALLOWED[id(access)]


_BODIES: dict[tuple[int, str], Any] = {}


def _violations(operation: Operation, body: Any, api: ApiContract) -> Iterator[tuple[str, str]]:
    """The firm rules of the contract's request schema that a body breaks, and where."""
    key = id(api), operation.id
    if key not in _BODIES:
        _BODIES[key] = _compiled(operation, api)
    if _BODIES[key] is None:
        return
    for fault in _BODIES[key].iter_errors(body):
        keyword = str(fault.schema_path[-1]) if fault.schema_path else ""
        if keyword in FIRM:
            yield keyword, ".".join(map(str, fault.instance_path)) or "the body"


def _compiled(operation: Operation, api: ApiContract) -> Any:
    plain = api.document["paths"][operation.path][operation.method.lower()]
    content: Mapping[str, Any] = plain.get("requestBody", {}).get("content", {}).get("application/json", {})
    if "schema" not in content:
        return None
    whole = {"allOf": [content["schema"]], "components": api.document["components"]}
    return jsonschema_rs.Draft202012Validator(whole)
