"""A served schema that is missing, broken, too large or at odds with the contract gets a finding, not a crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from coursegate.contracts.contract import FOLDER
from coursegate.contracts.openapi import Operation, load_api
from coursegate.contracts.outside import Outside
from coursegate.harness import served_schema as served
from coursegate.harness.observation import Answer
from coursegate.suites.contract.agreement import (
    disagreements,
    invalidity,
    surplus_operations,
    undefined_security,
)

API = load_api(FOLDER / "openapi.yaml")
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "It", "version": "1"}, "paths": {}}


def _answer(body: bytes, status: int = 200, kind: str = "application/json") -> Answer:
    return Answer(status, {"Content-Type": kind}, body)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_answer(b"", 404), "no schema is served: 404"),
        (_answer(b"", 500), "no schema is served: 500"),
        (_answer(b"<html>: {", kind="text/html"), "neither JSON nor YAML, but text/html"),
        (_answer(b"[" * 100_000), "neither JSON nor YAML"),
        (_answer(b"[]"), "it has no paths"),
        (_answer(b'"openapi"'), "it has no paths"),
        (_answer(b'{"openapi": "3.0.3", "paths": []}'), "it has no paths"),
        (_answer(b'{"swagger": "2.0", "paths": {}}'), "no OpenAPI 3"),
    ],
)
def test_what_cannot_be_read_is_told(answer: Answer, told: str) -> None:
    """No schema, no document, none of that version: each is told in words."""
    document, fault = served.read_schema(answer)

    assert document is None
    assert told in fault


def test_what_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema past the limit is told by its size."""
    monkeypatch.setattr(served, "MOST_BYTES", 10)

    assert "bytes; 10 are the most" in served.read_schema(_answer(json.dumps(DOCUMENT).encode()))[1]


@pytest.mark.parametrize("written", [json.dumps, yaml.safe_dump])
def test_both_forms_are_read(written: Callable[[Any], str]) -> None:
    """JSON and YAML are both read."""
    assert served.read_schema(_answer(written(DOCUMENT).encode())) == (DOCUMENT, "")


def test_what_is_invalid_is_told() -> None:
    """A document that breaks OpenAPI's own rules is told by the first fault; a sound one by nothing."""
    assert invalidity(DOCUMENT) == ""
    assert invalidity({**DOCUMENT, "paths": {"/x/": {"get": {"responses": 5}}}}) != ""
    assert invalidity({**DOCUMENT, "paths": {"/x/": {"$ref": "#/nowhere"}}}) != ""


def test_undefined_credentials_are_named() -> None:
    """Asking for credentials that nobody defines is a fault, wherever it is asked."""
    document = {**DOCUMENT, "security": [{"token": []}], "paths": {"/x/": {"get": {}}}}

    assert undefined_security(document) == ["token, asked for by GET /x/, is not defined"]
    assert undefined_security(dict(API.document)) == []


def test_surplus_operations_are_named() -> None:
    """What is served below the API's prefix and neither described nor excused is named."""
    theirs: dict[str, Any] = {
        "paths": {path: {"get": {}} for path in ("/api/spare/", "/api/docs/", "/admin/", "/api/categories/")}
    }

    found = surplus_operations(API.document, theirs, [Outside("/api/docs*", "a page")])
    assert found == ["GET /api/spare/"]


def _told(change: Callable[[dict[str, Any]], object], name: str = "courses.create") -> str:
    """What is said of an operation, when all that the backend serves is the contract, changed."""
    operation: Operation = API.operations[name]
    theirs = copy.deepcopy(dict(API.document))
    change(theirs["paths"][operation.path][operation.method.lower()])
    return "; ".join(disagreements(operation, API.document, theirs))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda op: op.update(security=[{"bearer": []}, {}]), "has an empty alternative"),
        (lambda op: op.update(security=[]), "it needs none"),
        (lambda op: op["responses"].update({"418": {}}), "announces 418"),
        (lambda op: op.update(responses={"400": {}}), "announces no success"),
        (lambda op: op.pop("requestBody"), "knows of no body"),
        (
            lambda op: op.update(parameters=[{"name": "token", "in": "query", "required": True}]),
            "requires the parameter token",
        ),
    ],
)
def test_disagreements_are_told(change: Callable[[dict[str, Any]], object], told: str) -> None:
    """Credentials, answers, bodies and parameters that the two describe differently are told."""
    assert told in _told(change)


def test_lists_keep_their_parameters() -> None:
    """A query parameter that only the contract knows is told; an operation like the contract's has no fault."""
    assert "lacks the query parameter category" in _told(lambda op: op["parameters"].pop(3), "courses.list")
    assert _told(lambda _: None, "courses.list") == ""


def test_a_list_without_pages_needs_no_parameters_of_pages() -> None:
    """Where a list may come bare, the served schema need not know of pages."""
    assert _told(lambda op: op.update(parameters=[]), "draft-lessons.list") == ""
    assert "page, page_size" in _told(lambda op: op.update(parameters=[]), "modules.list")


def test_closed_operations_are_told() -> None:
    """What everybody may ask, and the served schema asks credentials for, is told."""
    assert "it needs no credentials" in _told(lambda op: op.update(security=[{"bearer": []}]), "courses.list")


def test_operation_that_is_not_served_is_told() -> None:
    """An operation that is missing from the served schema is told."""
    assert list(disagreements(API.operations["courses.list"], API.document, DOCUMENT)) == [
        "the served schema does not describe it"
    ]


@pytest.mark.parametrize(
    ("status", "is_told"), [("405", False), ("406", False), ("415", False), ("503", False), ("418", True)]
)
def test_answers_that_the_contract_does_not_know_are_told(status: str, is_told: bool) -> None:
    """What the framework or an outage may answer to anything may be announced of anything; nothing else may."""
    told = _told(lambda op: op["responses"].update({status: {"description": "It"}}), "courses.list")

    assert told == (
        f"the served schema announces {status}, which the contract does not know" if is_told else ""
    )


@pytest.mark.parametrize(
    ("operation", "status", "is_told"),
    [
        ("notes.create", "409", False),
        ("notes.create", "412", False),
        ("notes.create", "304", True),
        ("courses.list", "304", False),
        ("courses.list", "409", True),
    ],
)
def test_answers_to_conditions_may_be_announced(operation: str, status: str, is_told: bool) -> None:
    """Of a write it may be announced that a condition is not met, of a read that nothing has changed; not the other way."""
    told = _told(lambda op: op["responses"].update({status: {"description": "It"}}), operation)

    assert bool(told) == is_told, told
