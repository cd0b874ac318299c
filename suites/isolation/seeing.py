"""Everything a caller can see of an answer, and everything its making costs, so that two worlds can be told apart by it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Any

from coursegate.harness.observation import Answer, Request
from coursegate.harness.targets.target import Target

# What says when, or how long it took, not what.
CLOCK = frozenset({"date", "server-timing"})
# How often more somebody asks before a difference is one: two values of what changes by itself may be the same by chance.
ASKED_AGAIN = 3
# What is counted and digested from the body, flows and clocks in it included.
FROM_BODY = frozenset({"content-length", "etag"})
# Subqueries stand in parentheses.
_INNERMOST = re.compile(r"\([^()]*\)")
_FROM = re.compile(r"\bFROM\s+\W?(\w+)")


@dataclass(frozen=True)
class Sight:
    """One asking.

    Attributes:
        body: as JSON, or as text where it is none.
        statements: the SQL that was sent, without values, and the rows that were fetched for each.
    """

    request: Request
    answer: Answer
    body: Any
    headers: dict[str, str]
    statements: tuple[tuple[str, int], ...]


Look = Callable[[], Sight]


def look(target: Target, request: Request) -> Sight:
    """Ask with cold caches, in a process that runs the backend."""
    from coursegate.harness.targets.fetching import observed_statements

    target.clear_caches()
    with observed_statements() as statements:
        answer = target.send(request)
    body = answer.json if answer.json is not None else answer.text
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in CLOCK}
    seen = tuple((statement.sql, statement.rows) for statement in statements)
    return Sight(request, answer, body, headers, seen)


def seen_of_id(target: Target, request: Request, asked: str) -> Sight:
    """What is seen of a request that names an id, with the id taken out of it; nothing that it writes stays."""
    with target.undone():
        sight = look(target, request)
    answer = replace(sight.answer, body=sight.answer.body.replace(asked.encode(), b"<id>"))
    return replace(
        sight,
        answer=answer,
        body=answer.json if answer.json is not None else answer.text,
        headers={
            name: value.replace(asked, "<id>")
            for name, value in sight.headers.items()
            # It counts the id's own letters.
            if name != "content-length"
        },
    )


def differences(
    one: Sight, other: Sight, flows: Set[str], counted: Set[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """What tells two answers apart: the aspect, and what was seen in each.

    Args:
        flows: keys that may differ.
        counted: tables of which more or fewer rows may be fetched.
    """
    if one.answer.status != other.answer.status:
        yield "the status", f"{one.answer.status} and {other.answer.status}"
    for place in divergences(one.body, other.body, flows):
        yield f"the body at {place[0]}", place[1]
    unlike = {
        name
        for name in one.headers.keys() | other.headers.keys()
        if one.headers.get(name) != other.headers.get(name)
    }
    # The length follows from the body; it says more than the body only where all of that had to be the same.
    if one.answer.body != other.answer.body:
        unlike -= FROM_BODY
    for name in sorted(unlike):
        yield f"the header {name}", f"{one.headers.get(name)} and {other.headers.get(name)}"
    yield from _costs(one, other, counted)


def lasting_differences(looks: tuple[Look, Look], seen: tuple[Sight, Sight]) -> list[tuple[str, str]]:
    """What tells two answers apart whenever they are asked for.

    Not what tells the second one from itself, asked again: a number, a time. Nor what is the same when both are asked anew:
    between the first two a second had passed.

    Args:
        looks: each asks for one of them.
        seen: what they gave first.
    """
    hidden, missing = looks
    found = list(differences(*seen, frozenset()))
    for _ in range(ASKED_AGAIN):
        if not found:
            return []
        restless = {aspect for aspect, _ in differences(seen[1], missing(), frozenset())}
        found = [told for told in found if told[0] not in restless]
    if not found:
        return []
    lasting = {aspect for aspect, _ in differences(hidden(), missing(), frozenset())}
    return [told for told in found if told[0] in lasting]


def _costs(one: Sight, other: Sight, counted: Set[str]) -> Iterator[tuple[str, str]]:
    if len(one.statements) != len(other.statements):
        yield "the number of queries", f"{len(one.statements)} and {len(other.statements)}"
        return
    for (sql, rows), (other_sql, other_rows) in zip(one.statements, other.statements, strict=True):
        if sql != other_sql:
            yield "the shape of a query", f"{_short(sql)} and {_short(other_sql)}"
        elif rows != other_rows and _table(sql) not in counted:
            yield "the rows fetched", f"{rows} and {other_rows} by {_short(sql)}"


def _table(sql: str) -> str:
    """The table that a query selects from; "" where that cannot be told."""
    bare, inner = sql, ""
    while bare != inner:
        bare, inner = _INNERMOST.sub("", bare), bare
    found = _FROM.search(bare)
    return found[1] if found else ""


def divergences(one: Any, other: Any, flows: Set[str], place: str = "$") -> Iterator[tuple[str, str]]:
    """The first places at which two JSON values differ; list indices are left out, so that a place names a field."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key in flows:
                continue
            if (key in one) != (key in other):
                yield f"{place}.{key}", "there in one world only"
            else:
                yield from divergences(one[key], other[key], flows, f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{place}[]", f"{len(one)} and {len(other)} entries"
            return
        for inner, outer in zip(one, other, strict=True):
            yield from divergences(inner, outer, flows, f"{place}[]")
    elif one != other or type(one) is not type(other):
        yield place, f"{_short(json.dumps(one))} and {_short(json.dumps(other))}"


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:110]} … {text[-45:]}"
