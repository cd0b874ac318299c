"""What is the caller's own, asked for with parameters that name somebody else: it stays the caller's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from coursegate.contracts.openapi import Operation
from coursegate.harness.client import CannotAsk, rows_of
from coursegate.harness.judging.universal import Asked, breakdowns, leaks
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.claims.cases import OthersCheck

# Names of whose rows are wanted, and of wanting those of everybody, as a caller would guess them.
WHOSE = ("user", "user_id", "student", "student_id", "learner", "owner", "account")
EVERYBODY = {"all": "true", "mine": "false", "scope": "all"}


@dataclass(frozen=True)
class Own:
    """What an answer shows: its rows by id, where it is a list, and how many it says there are; else the whole of it."""

    rows: Mapping[Any, Any]
    total: Any
    whole: Any


def ask(check: OthersCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask plainly, as the other does, and then naming the other by all parameters at once; where that is refused, by one
    at a time.

    Raises:
        CannotAsk: one of the two has no token, or what they see plainly is refused or the same.
    """
    operation = bound.contract.api.operations[check.operation]
    request = bound.client.request(check.cell)
    of_other = bound.client.request(replace(check.cell, principal=check.other))
    plain, others = (_sent(each, operation, bound) for each in (request, of_other))
    if any(pages[0].answer.status != 200 for pages in (plain, others)):
        raise CannotAsk(f"{check.operation} refuses what is the caller's own")
    own, other = (_own(pages, operation) for pages in (plain, others))
    again = _own(_sent(request, operation, bound), operation)
    own = replace(own, whole=_steady(own.whole, again.whole))
    if not _shows_more(own, other):
        raise CannotAsk(f"{check.other} sees of {check.operation} what {check.principal} sees")
    named = {**dict.fromkeys(WHOSE, bound.world.ids[check.other]), **EVERYBODY}
    seen = [_sent(request.asking(urlencode(named)), operation, bound)]
    if 400 <= seen[0][0].answer.status < 500:
        seen += [_sent(request.asking(urlencode([one])), operation, bound) for one in named.items()]
    problems = [problem for pages in seen for problem in _problems(check, pages, own, bound)]
    return [*plain, *(pages[0] for pages in reversed(seen))], problems


def _sent(request: Request, operation: Operation, bound: Bound) -> list[Exchange]:
    bound.target.clear_caches()
    first = Exchange(request, bound.target.send(request))
    return bound.client.pages(first) if operation.collection else [first]


def _own(pages: list[Exchange], operation: Operation) -> Own:
    first = pages[0].answer.json
    if not operation.collection:
        return Own({}, None, first)
    rows = [row for page in pages for row in rows_of(page.answer, operation.rows_at) or ()]
    total = first.get(operation.total_at) if isinstance(first, dict) else len(rows)
    return Own({row.get("id"): row for row in rows if isinstance(row, dict)}, total, None)


def _steady(value: Any, again: Any) -> Any:
    """As much of a JSON value as another one has, too: what differs between two askings is restless by itself."""
    if isinstance(value, dict) and isinstance(again, dict):
        pairs = {key: _steady(inner, again.get(key)) for key, inner in value.items()}
        return {key: inner for key, inner in pairs.items() if inner is not None}
    if isinstance(value, list) and isinstance(again, list) and len(value) == len(again):
        return [_steady(inner, outer) for inner, outer in zip(value, again, strict=True)]
    return value if value == again else None


def _shows_more(own: Own, other: Own) -> bool:
    """Whether something stands in the second that does not in the first: another row, a larger total, another answer."""
    more = isinstance(other.total, int) and isinstance(own.total, int) and other.total > own.total
    return bool(other.rows.keys() - own.rows.keys()) or more or _steady(own.whole, other.whole) != own.whole


def _problems(check: OthersCheck, pages: list[Exchange], own: Own, bound: Bound) -> Iterator[Problem]:
    answer = pages[0].answer
    yield from breakdowns(answer, check.operation)
    asked = Asked(check.operation, check.principal, bound.world, bound.contract.declassified)
    for page in pages:
        yield from leaks(page, asked)
    # A filter that a list has may leave less; a parameter that is not known may be refused.
    if answer.status != 200:
        return
    seen = _own(pages, bound.contract.api.operations[check.operation])
    if _shows_more(own, seen):
        yield Problem(
            Kind.LEAK,
            f"naming {check.other} in the query, {check.principal} saw what is not their own",
            f"{check.operation} lets a parameter choose whose rows are shown",
        )
