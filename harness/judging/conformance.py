"""Whether an answer is one that the API contract describes: its status, its type, the shape of its body."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema_rs

from coursegate.contracts.differences.documents import described, key_of
from coursegate.contracts.openapi import OF_THE_FRAMEWORK, ApiContract, Operation, resolved
from coursegate.contracts.path_templates import parameters_of, pattern_of
from coursegate.harness.observation import Answer, Exchange
from coursegate.harness.verdicts import Kind, Problem

# What the framework may answer to a query that holds what the operation does not describe: a filter may refuse it, a
# format may not be there.
OF_STRANGE_QUERIES = frozenset({"400", "404"})
# What routes take for a parameter: those of a router, Django's `slug`, its `int` or `uuid`.
_ROUTED, _SLUG, _KEY = (
    re.compile(r"[^/.]+"),
    re.compile(r"[-a-zA-Z0-9_]+"),
    re.compile(r"[0-9]+|[-0-9a-f]{36}"),
)
_TAKEN = {
    **dict.fromkeys(("slug", "course_slug", "certificate_number"), _SLUG),
    **dict.fromkeys(("lesson_id", "resource_id"), _KEY),
}
# Until 1972 some clocks were apart from UTC by seconds as well (the database of time zones); no offset of RFC 3339 says so.
_BY_THE_SUN = re.compile(r"(0\d{3}|1[0-8]\d\d|19[0-6]\d|197[01])-.*[+-]\d\d:\d\d:\d\d")
# The finding that is about the shape of what is answered, whoever asks for it.
SHAPES = "COMPAT-01"
# Of one answer, as many different faults as help.
MOST_FAULTS = 4


@dataclass
class Conformance:
    """The contract as a judge of answers; schemas are compiled when they are first needed."""

    api: ApiContract
    _validators: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str], dict[str, Operation]]]:
        """Path -> method -> operation; literal paths before those with parameters, as a router has them."""
        found: dict[str, dict[str, Operation]] = {}
        for operation in self.api.operations.values():
            found.setdefault(operation.path, {})[operation.method] = operation
        paths = sorted(found, key=lambda path: path.count("{"))
        return [(pattern_of(path), found[path]) for path in paths]

    def operation_of(self, method: str, path: str) -> Operation | None:
        """The operation that a request asks for; HEAD is GET without a body. None where the contract has none."""
        plain = path.partition("?")[0]
        for pattern, methods in self._routes:
            if pattern.fullmatch(plain) and (operation := methods.get("GET" if method == "HEAD" else method)):
                return operation
        return None

    def problems(self, exchange: Exchange, absent: Container[str] = ()) -> Iterator[Problem]:
        """What of an answer the contract does not describe; nothing of one that is no answer, or to no operation.

        Args:
            absent: the operations that this backend may lack, and lacks.
        """
        answer, method = exchange.answer, exchange.request.method
        operation = self.operation_of(method, exchange.request.path)
        if operation is None or operation.id in absent or not 200 <= answer.status < 500:
            return
        if str(answer.status) in OF_STRANGE_QUERIES - operation.statuses and self._is_strange(
            operation, exchange
        ):
            return
        # A session without its CSRF token is refused by the framework, too, whatever the operation announces; and so is who
        # has no credentials where the first way to sign in has no challenge.
        unchallenged = "401" in operation.statuses and not answer.header("WWW-Authenticate")
        if (
            answer.status == 403
            and "403" not in operation.statuses
            and ("Cookie" in exchange.request.headers or unchallenged)
        ):
            return
        if answer.status == 404 and answer.json is None and _is_no_route(operation, exchange):
            return
        for text, about in self._faults(operation, answer, has_body=method != "HEAD"):
            yield Problem(Kind.FORM, text, f"{operation.id}: {_without_values(text)}", about)

    def _is_strange(self, operation: Operation, exchange: Exchange) -> bool:
        """Whether the query holds a parameter that the operation does not describe."""
        described_as = described(self.api.document)[key_of(operation.method, operation.path)]
        known = {name for where, name in described_as.parameters if where == "query"}
        asked = parse_qsl(exchange.request.path.partition("?")[2], keep_blank_values=True)
        return bool({name for name, _ in asked} - known)

    def _faults(self, operation: Operation, answer: Answer, *, has_body: bool) -> Iterator[tuple[str, str]]:
        """What is wrong, and the finding that it is about; "" for that which the asking check is about."""
        status = str(answer.status)
        if status not in operation.statuses:
            if status not in OF_THE_FRAMEWORK:
                yield f"the contract knows no {status} of it", ""
            return
        schema = self._schema(operation, status)
        if schema is None or not has_body:
            return
        if answer.json is None:
            kind = answer.header("Content-Type") or "nothing"
            yield f"its {status} is no JSON, but {kind}", ""
            return
        # Every row of a list may have the same fault: told once, it leaves room for the others.
        told: dict[str, tuple[str, str]] = {}
        for fault in schema.iter_errors(answer.json):
            place = ".".join("[]" if isinstance(part, int) else str(part) for part in fault.instance_path)
            text = f"its {status} is not as the contract says at $.{place}: {_short(fault.message)}"
            told.setdefault(_without_values(text), (text, self._about(fault)))
        yield from list(told.values())[:MOST_FAULTS]

    def _about(self, fault: Any) -> str:
        """The finding that asks for a key that is missing or odd; where none does, the one that keeps answers as they were."""
        names = [part for part in fault.instance_path if isinstance(part, str)]
        missing = getattr(fault.kind, "property", None)
        around = [str(missing), *reversed(names)]
        return next((self.api.findings[name] for name in around if name in self.api.findings), SHAPES)

    def _schema(self, operation: Operation, status: str) -> Any:
        key = operation.id, status
        if key not in self._validators:
            self._validators[key] = self._compiled(operation, status)
        return self._validators[key]

    def _compiled(self, operation: Operation, status: str) -> Any:
        document = self.api.document
        response = document["paths"][operation.path][operation.method.lower()]["responses"][status]
        content = resolved(document, response).get("content", {}).get("application/json")
        if content is None or "schema" not in content:
            return None
        whole = {"allOf": [content["schema"]], "components": document["components"]}
        formats = {"date-time": _is_time}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, formats=formats)


_RFC_3339 = jsonschema_rs.Draft202012Validator({"format": "date-time"}, validate_formats=True)


def _is_time(text: str) -> bool:
    """As RFC 3339 has it, or without an offset: a backend that knows no zones (`USE_TZ`) breaks no promise by that.

    A time long ago may be told in the offset that its place had then.
    """
    if _BY_THE_SUN.fullmatch(text):
        text = text[:-3]
    return _RFC_3339.is_valid(text) or _RFC_3339.is_valid(f"{text}Z")


# By the contract they judge for; it is kept beside them, so that no other takes its place in memory.
_JUDGES: dict[int, Conformance] = {}


def conformance_of(api: ApiContract) -> Conformance:
    """The judge of answers for a contract, made once."""
    if id(api) not in _JUDGES:
        _JUDGES[id(api)] = Conformance(api)
    return _JUDGES[id(api)]


def _is_no_route(operation: Operation, exchange: Exchange) -> bool:
    """Whether what stands in the path for a parameter is nothing that a route of Django's takes: its own page answers."""
    path = unquote(exchange.request.path.partition("?")[0])
    found = pattern_of(operation.path).fullmatch(path)
    values = zip(parameters_of(operation.path), found.groups() if found else (), strict=False)
    return found is None or not all(_TAKEN.get(name, _ROUTED).fullmatch(value) for name, value in values)


def _short(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:80]} … {message[-110:]}"


def _without_values(text: str) -> str:
    """What was wrong and where, without what was there: a cause is the same for every row it strikes."""
    return re.sub(
        r": .*? (is not|is shorter|is longer|is less|is greater|has|does not)", r": … \1", text, count=1
    )
