"""Values that break things elsewhere, and the names of what is known to exist: what no generator comes upon by chance."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.corpus import Case
from coursegate.contracts.differences.documents import described
from coursegate.contracts.openapi import Operation

# Of every kind one: markup, other scripts and directions, what folds into something else, what formats and paths choke on.
TEXTS = (
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u0130\u0131\ufb00\u1e9e",
    "\u202eright to left\u202c",
    "\u0664\u0662",
    "a\u0300\u0301" * 20,
    "nul\x00inside",
    "<script>alert(1)</script>",
    "'\"%s%(x)s{0}{{7*7}}",
    "../../etc/passwd",
    "x" * 5000,
    " ",
    "null",
)
NUMBERS = (-1, 0, 1, 2**31, 2**63 - 1, 2**63, 10**30)
PAGES = ("0", "-1", "2", "3", "last", "1e3", "\u0662", str(2**63), "9" * 40)
# Parameters that list views of this framework take without announcing them. A format that there is not is left out: it
# answers 404 to that, whatever it is asked for.
UNANNOUNCED: Mapping[str, tuple[str, ...]] = {
    "ordering": ("-id", "created_date,-title", "nowhere", "user__password"),
    "format": ("json",),
}
# What a property is given that the example leaves out.
EXTRAS: tuple[Any, ...] = (TEXTS[0], -1, 2**63, None, [])
DATES = ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2024-02-30", "now")


def dictionary_cases(operation: Operation, contract: Contract) -> Iterator[Case]:
    """The first answer that it gives at all, then one odd value at a time, then two at once."""
    plain = plain_case(operation, contract)
    yield plain
    yield from _paths(plain, operation, contract)
    yield from _queries(plain, operation, contract)
    yield from _bodies(plain, operation)


def plain_case(operation: Operation, contract: Contract) -> Case:
    """The case that an allowed caller sends."""
    names = known_names(operation, contract)
    pairs = (part.partition("=") for part in operation.query.split("&") if part)
    query = tuple((name, value) for name, _, value in pairs)
    body = next(iter(operation.bodies.values()), None)
    subject = names[0].removeprefix("$(").split(".")[0] if names else "registered"
    path = names[0] if names else "1" if operation.lookup else ""
    return Case(operation.id, path, query, _named(body, subject), (), "examples")


def known_names(operation: Operation, contract: Contract) -> list[str]:
    """What names an existing object in the operation's path, one for each state that the access table speaks of."""
    if not operation.lookup:
        return []
    subjects = [
        cell.subject
        for cell in contract.access.cells.values()
        if cell.operation == operation.id and cell.allows
    ]
    subjects += [cell.subject for cell in contract.access.cells.values() if cell.operation == operation.id]
    known = contract.world.objects
    return [f"$({name}.{operation.attribute})" for name in dict.fromkeys(subjects) if name in known]


def _named(body: Any, subject: str) -> Any:
    """A body of the contract, with its subject by name and a text of its own in place of the canary."""
    if isinstance(body, Mapping):
        return {key: _named(value, subject) for key, value in body.items()}
    if isinstance(body, list):
        return [_named(value, subject) for value in body]
    if isinstance(body, str):
        return body.replace("$(subject.", f"$({subject}.").replace("$canary", "generated")
    return body


def _paths(plain: Case, operation: Operation, contract: Contract) -> Iterator[Case]:
    if not operation.lookup:
        return
    odd = [*map(str, NUMBERS), "\u0662", "x" * 300, "nul\x00inside", "\U0001f600", operation.missing]
    for path in [*known_names(operation, contract)[1:6], *odd]:
        yield _but(plain, path=path)


def _queries(plain: Case, operation: Operation, contract: Contract) -> Iterator[Case]:
    said = _parameters(operation, contract)
    for name, schema in said.items():
        for value in _values(name, schema):
            yield _but(plain, query=_with(plain.query, name, value))
    if operation.collection:
        for name, values in UNANNOUNCED.items():
            for value in values:
                yield _but(plain, query=_with(plain.query, name, value))
        yield _but(plain, query=_with(_with(plain.query, "page", "2"), "page_size", "3"))
    names = [name for name in said if name not in {"page", "page_size"}]
    for one, other in itertools.pairwise(names):
        pair = _with(plain.query, one, _values(one, said[one])[0])
        yield _but(plain, query=_with(pair, other, _values(other, said[other])[0]))


def _parameters(operation: Operation, contract: Contract) -> dict[str, Mapping[str, Any]]:
    found = described(contract.api.document)
    for key, value in found.items():
        if value.name == f"{operation.method} {operation.path}":
            return {name: p.get("schema", {}) for (_, name), p in found[key].parameters.items()}
    return {}


def _values(name: str, schema: Mapping[str, Any]) -> tuple[str, ...]:
    if name in {"page", "page_size", "limit"}:
        return PAGES
    known = tuple(map(str, schema.get("enum", ())))
    if schema.get("type") == "boolean":
        return ("true", "false", "maybe")
    if schema.get("type") in {"integer", "number"}:
        return (*map(str, NUMBERS), "\u0662")
    return (*known, *TEXTS[:9])


def _bodies(plain: Case, operation: Operation) -> Iterator[Case]:
    if not isinstance(plain.body, dict):
        return
    body: dict[str, Any] = plain.body
    texts = [key for key, value in body.items() if isinstance(value, str) and not value.endswith(".pk)")]
    for odd in TEXTS if texts else ():
        yield _but(plain, body={**body, **dict.fromkeys(texts, odd)})
    for key, value in body.items():
        for odd in _odd(value):
            yield _but(plain, body={**body, key: odd})
        yield _but(plain, body={name: inner for name, inner in body.items() if name != key})
    for name in sorted(operation.writable - body.keys()):
        for extra in EXTRAS:
            yield _but(plain, body={**body, name: extra})
    keys = list(body)
    for one, other in itertools.pairwise(keys):
        yield _but(plain, body={**body, one: _odd(body[one])[0], other: _odd(body[other])[0]})
    wholes: tuple[Any, ...] = ([], "text", 5, {})
    for whole in wholes:
        yield _but(plain, body=whole)


def _odd(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value, None, "maybe")
    if isinstance(value, (int, float)) or (isinstance(value, str) and value.endswith(".pk)")):
        return (*NUMBERS, None, "\u0662", 1.5)
    if isinstance(value, str):
        return (*TEXTS, *DATES[:1], "", None, 5, [], {})
    return (None, "text", -1, [], {})


def _with(query: tuple[tuple[str, str], ...], name: str, value: str) -> tuple[tuple[str, str], ...]:
    return (*(pair for pair in query if pair[0] != name), (name, value))


def _but(case: Case, **changes: Any) -> Case:
    return replace(case, phase="dictionary", **changes)
