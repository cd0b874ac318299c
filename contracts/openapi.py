"""The API contract (`openapi.yaml`), as far as the suites ask questions of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coursegate.contracts.path_templates import filled
from coursegate.contracts.reading import Entry, read
from coursegate.contracts.world import STAFF

METHODS = ("get", "post", "put", "patch", "delete")
# Lists that hold less than what opens for the caller: what the caller teaches; of that, what the public cannot see.
AREAS = TAUGHT, DRAFTS = ("taught", "drafts")
# The effect of an operation after which the subject's row is no longer there.
GONE: Mapping[str, Any] = {"gone": True}
NEVER_EXISTED = {"pk": "999999999", "slug": "there-never-was-such-a-thing"}
# The same of a backend whose keys are no numbers: what it cannot even read is refused for another reason.
NEVER_EXISTED_UUID = "00000000-0000-4000-8000-000000000000"
# What the framework answers of its own accord, to anything: a body or a type it cannot read or cannot take, a type it cannot
# give, too much, too often. No operation need announce it.
OF_THE_FRAMEWORK = frozenset({"405", "406", "413", "414", "415", "422", "429", "431"})
# And what it may answer while a server that it leans on cannot be reached (policy 13).
OF_AN_OUTAGE = frozenset({"503"})
# And what those are answered who ask on a condition, or with a key against doing it twice (RFC 9110 §13, RFC 6585 §3). Who
# says nothing of the kind meets none of them.
OF_CONDITIONAL_READS = frozenset({"304"})
OF_CONDITIONAL_WRITES = frozenset({"409", "412", "423", "428"})
_COPIED = re.compile(r"{(\w+)}")


def copied_from(value: Any) -> str:
    """The key whose value in the same body "{key}" stands for; "" of a value that stands for itself."""
    copied = _COPIED.fullmatch(value) if isinstance(value, str) else None
    return copied[1] if copied else ""


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        tag: the part of the API it belongs to, the first of its `tags`; or "".
        summary: what it does, for a person; or "".
        lookup: the path parameter that names the subject, or "".
        attribute: which attribute of the subject fills it ("pk", "slug" …).
        missing: a well-formed value of it that never existed.
        query: a query string that is always sent, or "".
        parameters: the names of all its parameters, those of its path among them.
        model: the model of its subject, from `x-model`.
        creates: the model of which a `created` makes one row, from `x-creates`; or "".
        collection: what a list lists, from `x-collection`; "" for all others.
        where: declared state of the rows a list holds (`x-where`); other rows of the model do not belong in it.
        area: "taught": the list holds what the caller teaches; "drafts": of that, what the public cannot see.
        is_shelf: whether what is not published need not be listed to anybody (`x-shelf`): it may be a shop's public shelf.
        total_at: the key that counts the rows of a list over all pages, from `x-total`; by default "count".
        rows_at: where its rows stand in the answer, as keys; empty for the usual places.
        answers_list: whether its 200 answer may be a bare array.
        answer_fields: property -> its schema, of one row of the 200 answer.
        writable: properties of the request body; no other column of the subject may change.
        for_staff: columns that staff may set besides, where a backend lets them (`x-staff`).
        touches: columns that change by themselves when the subject is written (`x-touches`).
        effect: what a `done` leaves in the subject's row (`x-effect`): columns, or GONE; empty where the body says it.
        statuses: what it may answer with, as in the document.
        optional: whether a backend may lack it (`x-optional`).
        takes_credentials: whether it looks at credentials at all; where `security` is empty it does not.
        admits_guests: whether whoever has no account is let in as well.
        authenticates: whether the credentials in its body make the caller the subject (`x-authenticates`).
        required: properties without which a 200 answer is not what was promised; of each the finding that asks for it, or "".
        bodies: named examples of the JSON request body, first one first.
        effects: named example of the body -> its effect, where that is another (`x-effect` of the example).
        besides: what this backend wants in a body besides (`bodies.py`): key -> value; nothing, unless its team says so.
    """

    id: str
    method: str
    path: str
    tag: str
    summary: str
    lookup: str
    attribute: str
    missing: str
    query: str
    parameters: frozenset[str]
    model: str
    creates: str
    collection: str
    where: Mapping[str, Any]
    area: str
    is_shelf: bool
    total_at: str
    rows_at: tuple[str, ...]
    answers_list: bool
    answer_fields: Mapping[str, Mapping[str, Any]]
    writable: frozenset[str]
    for_staff: frozenset[str]
    touches: frozenset[str]
    effect: Mapping[str, Any]
    bodies: Mapping[str, Mapping[str, Any]]
    statuses: frozenset[str]
    required: Mapping[str, str]
    authenticates: bool
    optional: bool
    takes_credentials: bool
    admits_guests: bool
    effects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    besides: Mapping[str, Any] = field(default_factory=dict)

    def sending(self, variant: str) -> Operation:
        """The operation as it is promised to whoever sends this example of its body."""
        return replace(self, effect=self.effects[variant]) if variant in self.effects else self

    def settable_by(self, principal: str) -> frozenset[str]:
        """The columns that somebody may set."""
        return self.writable | self.for_staff if principal in STAFF else self.writable

    def path_for(self, key: object) -> str:
        """Its path with a key, which is left out where the path names no subject."""
        return filled(self.path, [str(key)])

    def completed(self, body: Any) -> Any:
        """A body with what this backend wants in it besides; what is no object stays as it is."""
        if not isinstance(body, dict):
            return body
        more = {}
        for key, value in self.besides.items():
            source = copied_from(value)
            if not source or source in body:
                more[key] = body[source] if source else value
        return more | body

    @property
    def is_safe(self) -> bool:
        return self.method in {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class ApiContract:
    """The operations by id.

    Attributes:
        tags: the parts of the API and what each is for, in order.
        findings: of keys that a finding of the audit asks for (`x-finding`): that finding.
    """

    path: Path
    document: Mapping[str, Any]
    operations: Mapping[str, Operation]
    tags: Mapping[str, str]
    findings: Mapping[str, str]


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
    findings = dict(_keys_of_findings(document))
    operations: dict[str, Operation] = {}
    for route, entry in said["paths"].items():
        for method, node in entry.items():
            if method not in METHODS:
                continue
            operation = _operation(document, route, method, node, plain_of=entry.plain(), findings=findings)
            if operation.id in operations:
                raise node.error(f"operationId {operation.id!r} stands twice")
            operations[operation.id] = operation
    tags = {tag["name"]: tag.get("description", "") for tag in document.get("tags", ())}
    return ApiContract(path, document, operations, tags, findings)


def _keys_of_findings(part: Any) -> Iterator[tuple[str, str]]:
    """Each key anywhere in a document that has an `x-finding`, and what that is."""
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, entry in entries:
        if isinstance(entry, dict) and "x-finding" in entry:
            yield str(name), str(entry["x-finding"])
        yield from _keys_of_findings(entry)


def _operation(
    document: Mapping[str, Any],
    route: str,
    method: str,
    node: Entry,
    plain_of: Mapping[str, Any],
    findings: Mapping[str, str],
) -> Operation:
    said = node.mapping(required={"operationId", "responses"})
    plain = node.plain()
    answer = _schema(document, plain["responses"].get("200") or plain["responses"].get("201") or {})
    body = resolved(document, plain.get("requestBody", {})).get("content", {}).get("application/json", {})
    lookup = route.split("{")[1].split("}")[0] if "{" in route else ""
    given = [*plain_of.get("parameters", []), *plain.get("parameters", [])]
    parameters = {said["name"]: said for said in (resolved(document, one) for one in given)}
    said_of_it = parameters.get(lookup, {})
    attribute = said_of_it.get("x-attribute") or ("slug" if lookup.endswith("slug") else "pk")
    effect = plain.get("x-effect", {})
    examples = {name: resolved(document, example) for name, example in body.get("examples", {}).items()}
    return Operation(
        id=said["operationId"].text(),
        method=method.upper(),
        path=route,
        tag=next(iter(plain.get("tags", ())), ""),
        summary=plain.get("summary", ""),
        lookup=lookup,
        attribute=attribute,
        missing=str(said_of_it.get("x-missing") or NEVER_EXISTED.get(attribute, "")),
        query=plain.get("x-query", ""),
        parameters=frozenset(parameters),
        model=plain.get("x-model", ""),
        creates=plain.get("x-creates", ""),
        collection=plain.get("x-collection", ""),
        where=plain.get("x-where", {}),
        area=_area(node),
        is_shelf=bool(plain.get("x-shelf")),
        total_at=plain.get("x-total", "count"),
        rows_at=tuple(plain.get("x-rows", "").split(".")) if plain.get("x-rows") else (),
        answers_list="array" in answer.get("type", ()),
        answer_fields=_row(document, answer),
        writable=frozenset(_properties(document, resolved(document, body.get("schema", {})))),
        for_staff=frozenset(plain.get("x-staff", ())),
        touches=frozenset(plain.get("x-touches", ())),
        effect=GONE if effect == "gone" else effect,
        bodies={name: example["value"] for name, example in examples.items()},
        effects={name: example["x-effect"] for name, example in examples.items() if "x-effect" in example},
        statuses=frozenset(plain["responses"]),
        required={name: findings.get(name, "") for name in answer.get("required", ())},
        authenticates=bool(plain.get("x-authenticates")),
        optional=bool(plain.get("x-optional")),
        takes_credentials=(ways := plain.get("security", document.get("security"))) != [],
        admits_guests=not ways or {} in ways,
    )


def _area(node: Entry) -> str:
    said = dict(node.items()).get("x-area")
    if said is not None and said.text() not in AREAS:
        raise said.error(f"x-area must be one of {', '.join(AREAS)}, not {said.text()!r}")
    return said.text() if said is not None else ""


def resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a chain of references of a validated document ends at."""
    while "$ref" in value:
        target: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _schema(document: Mapping[str, Any], response: Mapping[str, Any]) -> Mapping[str, Any]:
    content = resolved(document, response).get("content", {})
    return resolved(document, content.get("application/json", {}).get("schema", {}))


def _row(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The properties of one row: of the schema itself, or of what its envelope or array holds."""
    properties = _properties(document, schema)
    if "results" in properties:
        properties = _properties(document, resolved(document, properties["results"].get("items", {})))
    elif schema.get("type") == "array":
        properties = _properties(document, resolved(document, schema.get("items", {})))
    return properties


def _properties(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for part in schema.get("allOf", []):
        found |= _properties(document, resolved(document, part))
    for name, value in schema.get("properties", {}).items():
        found[name] = resolved(document, value)
    return found
