"""What breaks between two OpenAPI documents, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.differences.schemas import Direction, Side, breaks, resolved
from coursegate.contracts.openapi import METHODS
from coursegate.contracts.path_templates import shape_of


@dataclass(frozen=True)
class Break:
    """One thing that a client may rely on and that is no longer so.

    Attributes:
        operation: method and path; "" for what concerns none.
    """

    operation: str
    text: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.text}" if self.operation else self.text


@dataclass(frozen=True)
class Described:
    """One operation in its document, with what its path says of all of them."""

    document: Mapping[str, Any]
    name: str
    plain: Mapping[str, Any]
    shared: tuple[Any, ...]

    @property
    def parameters(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """(where, name) -> parameter; a path's parameters are known by their place, not by their name."""
        found = [
            resolved(self.document, given) for given in (*self.shared, *self.plain.get("parameters", ()))
        ]
        return {(given["in"], given["name"]): given for given in found if given.get("in") != "path"}

    @property
    def security(self) -> list[Mapping[str, Any]]:
        """Its alternatives; one that is empty lets anybody in."""
        said: list[Mapping[str, Any]] = self.plain.get("security", self.document.get("security")) or [{}]
        return said

    @property
    def body(self) -> Mapping[str, Any]:
        return resolved(self.document, self.plain.get("requestBody", {}))

    def schema(self, holder: Mapping[str, Any]) -> Side:
        """The schema of a body or an answer."""
        content = resolved(self.document, holder).get("content", {})
        chosen: Mapping[str, Any] = content.get("application/json") or next(iter(content.values()), {})
        return Side(self.document, chosen.get("schema", {}))


def described(document: Mapping[str, Any]) -> dict[tuple[str, str], Described]:
    """Every operation by method and path; parameters of a path may be called differently."""
    found = {}
    for path, item in document.get("paths", {}).items():
        for method, plain in item.items():
            if method in METHODS:
                name = f"{method.upper()} {path}"
                shared = tuple(item.get("parameters", ()))
                found[key_of(method, path)] = Described(document, name, plain, shared)
    return found


def key_of(method: str, path: str) -> tuple[str, str]:
    """What `described` knows an operation by, whatever its path calls what stands in it."""
    return method.lower(), shape_of(path)


def document_breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Break]:
    """Everything between two documents that a client of the old one may fail on, in the order of the old one."""
    there = described(new)
    for key, before in described(old).items():
        if key not in there:
            if not before.plain.get("x-optional"):
                yield Break(before.name, "is gone")
            continue
        for text in _operation(before, there[key]):
            yield Break(before.name, text)


def _operation(old: Described, new: Described) -> Iterator[str]:
    yield from _security(old, new)
    yield from _parameters(old, new)
    yield from _request(old, new)
    yield from _answers(old, new)


def _security(old: Described, new: Described) -> Iterator[str]:
    if {} in old.security and {} not in new.security:
        yield "authentication is newly required"
        return
    for way in old.security:
        if way and not any(_is_covered(way, other) for other in new.security):
            yield f"{' with '.join(sorted(way))} no longer suffices"


def _is_covered(way: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether whoever has one set of credentials, with their scopes, has the other set as well."""
    return all(name in way and set(scopes) <= set(way[name]) for name, scopes in other.items())


def _parameters(old: Described, new: Described) -> Iterator[str]:
    before, after = old.parameters, new.parameters
    for (where, name), parameter in after.items():
        if parameter.get("required") and not before.get((where, name), {}).get("required"):
            new_or_not = "is newly required" if (where, name) in before else "is new and required"
            yield f"the {where} parameter {name} {new_or_not}"
    for (where, name), parameter in before.items():
        if (where, name) not in after:
            yield f"the {where} parameter {name} is gone"
            continue
        sides = [
            Side(side.document, given.get("schema", {}))
            for side, given in ((old, parameter), (new, after[where, name]))
        ]
        yield from breaks(sides[0], sides[1], Direction.REQUEST, f"the {where} parameter {name}")


def _request(old: Described, new: Described) -> Iterator[str]:
    if new.body.get("required") and not old.body.get("required"):
        yield "a body must now be sent"
    if old.body and new.body:
        yield from breaks(old.schema(old.body), new.schema(new.body), Direction.REQUEST)


def _answers(old: Described, new: Described) -> Iterator[str]:
    before, after = old.plain.get("responses", {}), new.plain.get("responses", {})
    for status, answer in before.items():
        if not str(status).startswith("2"):
            continue
        if status not in after:
            yield f"it no longer answers {status}"
            continue
        for text in breaks(old.schema(answer), new.schema(after[status]), Direction.ANSWER):
            yield f"in its {status} {text}"
