"""What breaks between two JSON Schemas: in requests whatever accepts less, in answers whatever may give more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ALL_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
# Bound -> whether a larger value accepts more.
BOUNDS = {
    "maximum": True,
    "exclusiveMaximum": True,
    "maxLength": True,
    "maxItems": True,
    "maxProperties": True,
    "minimum": False,
    "exclusiveMinimum": False,
    "minLength": False,
    "minItems": False,
    "minProperties": False,
}
# Keywords of which any value accepts less than none, and another value something else.
PATTERNS = ("pattern", "format", "multipleOf", "const")
DEEPEST = 12


class Direction(StrEnum):
    """Who sends what the schema describes."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True)
class Side:
    """A schema in its document, which its references lead into."""

    document: Mapping[str, Any]
    schema: Mapping[str, Any]

    def at(self, schema: Any) -> Side:
        return Side(self.document, schema if isinstance(schema, Mapping) else {})

    def whole(self) -> Mapping[str, Any]:
        """The schema with its references followed and its `allOf` put together."""
        schema = resolved(self.document, self.schema)
        if "allOf" not in schema:
            return schema
        merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema["allOf"]:
            inner = self.at(part).whole()
            merged = {
                **merged,
                **inner,
                "properties": {**merged.get("properties", {}), **inner.get("properties", {})},
                "required": [*merged.get("required", ()), *inner.get("required", ())],
            }
        return merged


def resolved(document: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """The value that a chain of references ends at; empty where one leads nowhere."""
    for _ in range(DEEPEST):
        if not isinstance(value, Mapping) or "$ref" not in value:
            break
        found: Any = document
        for part in str(value["$ref"]).removeprefix("#/").split("/"):
            found = found.get(part) if isinstance(found, Mapping) else None
        value = found
    return value if isinstance(value, Mapping) else {}


def breaks(old: Side, new: Side, direction: Direction, place: str = "", depth: int = 0) -> Iterator[str]:
    """What of the new schema breaks a client that relies on the old one, with the place in the body."""
    before, after = old.whole(), new.whole()
    if depth > DEEPEST or before == after == {}:
        return
    where = place or "the body"
    # A client's request was made for the old schema, the client itself for old answers: what each must fit into turns round.
    wide, narrow = (before, after) if direction is Direction.REQUEST else (after, before)
    for text in _surplus(wide, narrow):
        verb = "no longer accepts" if direction is Direction.REQUEST else "may now be"
        yield f"{where} {verb} {text}"
    yield from _properties(old, new, direction, where, depth)
    if "items" in before and "items" in after:
        inner = f"{place}[]"
        yield from breaks(old.at(before["items"]), new.at(after["items"]), direction, inner, depth + 1)


def _surplus(wide: Mapping[str, Any], narrow: Mapping[str, Any]) -> Iterator[str]:
    """What fits into the one schema, but not into the other: types, values, bounds, patterns, alternatives."""
    for kind in sorted(_types(wide) - _types(narrow)):
        if not (kind == "integer" and "number" in _types(narrow)):
            yield kind
    if "enum" in narrow:
        beyond = [value for value in wide.get("enum", ("other values",)) if value not in narrow["enum"]]
        if beyond:
            yield ", ".join(map(str, beyond))
    yield from _past_bounds(wide, narrow)
    for keyword in PATTERNS:
        if keyword in narrow and wide.get(keyword) != narrow[keyword]:
            yield f"what {keyword} {narrow[keyword]} excludes"
    if narrow.get("additionalProperties") is False and wide.get("additionalProperties") is not False:
        yield "further keys"
    for keyword in ("anyOf", "oneOf"):
        if keyword in narrow and _alternatives(wide.get(keyword)) - _alternatives(narrow[keyword]):
            yield f"an alternative of {keyword}"


def _past_bounds(wide: Mapping[str, Any], narrow: Mapping[str, Any]) -> Iterator[str]:
    for bound, larger_is_wider in BOUNDS.items():
        if bound in narrow and _reaches_past(wide.get(bound), narrow[bound], larger_is_wider):
            other = f" (the other side has {wide[bound]})" if bound in wide else ""
            yield f"what {bound} {narrow[bound]} excludes{other}"


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    kinds = schema.get("type", ())
    found = frozenset([kinds] if isinstance(kinds, str) else kinds) or ALL_TYPES
    return found | {"null"} if schema.get("nullable") else found


def _reaches_past(wide: Any, narrow: Any, larger_is_wider: bool) -> bool:
    if wide is None:
        return True
    return bool(wide > narrow) if larger_is_wider else bool(wide < narrow)


def _alternatives(schemas: Any) -> set[str]:
    return {json.dumps(schema, sort_keys=True, default=str) for schema in schemas or ()}


def _properties(old: Side, new: Side, direction: Direction, where: str, depth: int) -> Iterator[str]:
    before, after = old.whole(), new.whole()
    visible = _of_direction(direction)
    known = {name: value for name, value in before.get("properties", {}).items() if visible(old, value)}
    there = {name: value for name, value in after.get("properties", {}).items() if visible(new, value)}
    prefix = "" if where == "the body" else f"{where}."
    for name, value in known.items():
        if name not in there:
            told = "can no longer be sent" if direction is Direction.REQUEST else "is gone"
            yield f"{prefix}{name} {told}"
        else:
            inner = f"{prefix}{name}"
            yield from breaks(old.at(value), new.at(there[name]), direction, inner, depth + 1)
    needed, given = set(after.get("required", ())), set(before.get("required", ()))
    if direction is Direction.REQUEST:
        for name in sorted((needed - given) & there.keys()):
            yield f"{prefix}{name} must now be sent"
    else:
        for name in sorted((given - needed) & known.keys() & there.keys()):
            yield f"{prefix}{name} is no longer always there"


def _of_direction(direction: Direction) -> Callable[[Side, Any], bool]:
    """Whether a property is sent that way at all."""
    hidden = "readOnly" if direction is Direction.REQUEST else "writeOnly"
    return lambda side, value: not resolved(side.document, value).get(hidden)
