"""The API contract (`openapi.yaml`), as far as the suites ask questions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursegate.contracts.reading import Entry, read

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        lookup: the path parameter that names the subject ("slug", "pk"), or "".
        model: the model of its subject, from `x-model`.
        collection: what a list lists, from `x-collection`; "" for all others.
        answer_fields: property -> its schema, of one row of the 200 answer.
        writable: properties of the request body; no other column of the subject may change.
        touches: columns that change by themselves when the subject is written (`x-touches`).
        bodies: named examples of the JSON request body, first one first.
    """

    id: str
    method: str
    path: str
    lookup: str
    model: str
    collection: str
    answer_fields: Mapping[str, Mapping[str, Any]]
    writable: frozenset[str]
    touches: frozenset[str]
    bodies: Mapping[str, Mapping[str, Any]]

    @property
    def is_safe(self) -> bool:
        return self.method in {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class ApiContract:
    path: Path
    document: Mapping[str, Any]
    operations: Mapping[str, Operation]


def load_api(path: Path) -> ApiContract:
    """Read `openapi.yaml`.

    Raises:
        ContractError: not an OpenAPI 3.1 document, an operation without id, or one that stands twice.
    """
    root = read(path)
    said = root.mapping(required={"openapi", "paths"})
    if not said["openapi"].text().startswith("3.1"):
        raise said["openapi"].error(f"expected OpenAPI 3.1, found {said['openapi'].text()}")
    document: Mapping[str, Any] = root.plain()
    operations: dict[str, Operation] = {}
    for route, entry in said["paths"].items():
        for method, node in entry.items():
            if method not in METHODS:
                continue
            operation = _operation(document, route, method, node)
            if operation.id in operations:
                raise node.error(f"operationId {operation.id!r} stands twice")
            operations[operation.id] = operation
    return ApiContract(path, document, operations)


def _operation(document: Mapping[str, Any], route: str, method: str, node: Entry) -> Operation:
    said = node.mapping(required={"operationId", "responses"})
    plain = node.plain()
    answer = _schema(document, plain["responses"].get("200") or plain["responses"].get("201") or {})
    body = _resolve(document, plain.get("requestBody", {})).get("content", {}).get("application/json", {})
    return Operation(
        id=said["operationId"].text(),
        method=method.upper(),
        path=route,
        lookup=route.split("{")[1].split("}")[0] if "{" in route else "",
        model=plain.get("x-model", ""),
        collection=plain.get("x-collection", ""),
        answer_fields=_row(document, answer),
        writable=frozenset(_properties(document, _resolve(document, body.get("schema", {})))),
        touches=frozenset(plain.get("x-touches", ())),
        bodies={
            name: _resolve(document, example)["value"] for name, example in body.get("examples", {}).items()
        },
    )


def _resolve(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in value:
        target: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _schema(document: Mapping[str, Any], response: Mapping[str, Any]) -> Mapping[str, Any]:
    content = _resolve(document, response).get("content", {})
    return _resolve(document, content.get("application/json", {}).get("schema", {}))


def _row(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The properties of one row: of the schema itself, or of what its envelope or array holds."""
    properties = _properties(document, schema)
    if "results" in properties:
        properties = _properties(document, _resolve(document, properties["results"].get("items", {})))
    elif schema.get("type") == "array":
        properties = _properties(document, _resolve(document, schema.get("items", {})))
    return properties


def _properties(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for part in schema.get("allOf", []):
        found |= _properties(document, _resolve(document, part))
    for name, value in schema.get("properties", {}).items():
        found[name] = _resolve(document, value)
    return found
