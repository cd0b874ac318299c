"""`coursegate diff-contract` names what breaks clients, in the direction in which it breaks them, and nothing else."""

from __future__ import annotations

import copy
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursegate.commands.cli import main
from coursegate.contracts.contract import FOLDER
from coursegate.contracts.differences.documents import document_breaks

DOCUMENT = yaml.safe_load(
    textwrap.dedent(
        """
        openapi: 3.1.0
        components:
          schemas:
            Lesson:
              type: object
              required: [id, title]
              properties:
                id: {type: integer, readOnly: true}
                title: {type: string, maxLength: 100}
                level: {type: string, enum: [guest, premium]}
                minutes: {type: [integer, "null"], maximum: 600}
                secret: {type: string, writeOnly: true}
        paths:
          /lessons/{pk}/:
            get:
              security: [{bearer: []}, {}]
              parameters:
                - {name: page_size, in: query, schema: {type: integer, maximum: 100}}
                - {name: order, in: query, schema: {type: string, enum: [title, level]}}
              responses:
                "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Lesson"}}}}
                "204": {description: Nothing}
            put:
              security: [{bearer: []}]
              requestBody:
                content: {application/json: {schema: {$ref: "#/components/schemas/Lesson"}}}
              responses:
                "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Lesson"}}}}
          /optional/:
            get: {x-optional: true, responses: {"200": {description: Fine}}}
        """
    )
)
Edit = Callable[[dict[str, Any]], object]


def _get(document: dict[str, Any]) -> Any:
    return document["paths"]["/lessons/{pk}/"]["get"]


def _put(document: dict[str, Any]) -> Any:
    return document["paths"]["/lessons/{pk}/"]["put"]


def _lesson(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Lesson"]


def _fields(document: dict[str, Any]) -> Any:
    return _lesson(document)["properties"]


BREAKING: dict[str, tuple[Edit, str]] = {
    "removed operation": (lambda d: d["paths"]["/lessons/{pk}/"].pop("put"), "PUT /lessons/{pk}/: is gone"),
    "narrowed maximum": (
        lambda d: _get(d)["parameters"][0]["schema"].update(maximum=50),
        "page_size no longer accepts what maximum 50 excludes (the other side has 100)",
    ),
    "new minimum": (
        lambda d: _get(d)["parameters"][0]["schema"].update(minimum=1),
        "page_size no longer accepts what minimum 1 excludes",
    ),
    "new required parameter": (
        lambda d: _get(d)["parameters"].append({"name": "q", "in": "query", "required": True}),
        "the query parameter q is new and required",
    ),
    "parameter newly required": (
        lambda d: _get(d)["parameters"][1].update(required=True),
        "the query parameter order is newly required",
    ),
    "removed parameter": (lambda d: _get(d)["parameters"].pop(), "the query parameter order is gone"),
    "newly required authentication": (
        lambda d: _get(d).update(security=[{"bearer": []}]),
        "authentication is newly required",
    ),
    "another way to authenticate": (
        lambda d: _put(d).update(security=[{"cookie": []}]),
        "bearer no longer suffices",
    ),
    "removed value in requests": (
        lambda d: _fields(d)["level"]["enum"].remove("guest"),
        "PUT /lessons/{pk}/: level no longer accepts guest",
    ),
    "new value in answers": (
        lambda d: _fields(d)["level"]["enum"].append("platinum"),
        "in its 200 level may now be platinum",
    ),
    "null in answers": (
        lambda d: _fields(d)["title"].update(type=["string", "null"]),
        "in its 200 title may now be null",
    ),
    "no null in requests": (
        lambda d: _fields(d)["minutes"].update(type="integer"),
        "minutes no longer accepts null",
    ),
    "shorter text in requests": (
        lambda d: _fields(d)["title"].update(maxLength=50),
        "title no longer accepts what maxLength 50 excludes",
    ),
    "longer text in answers": (
        lambda d: _fields(d)["title"].update(maxLength=500),
        "in its 200 title may now be what maxLength 100 excludes",
    ),
    "field gone from answers": (lambda d: _fields(d).pop("id"), "in its 200 id is gone"),
    "field no longer certain": (
        lambda d: _lesson(d)["required"].remove("title"),
        "in its 200 title is no longer always there",
    ),
    "field that must be sent": (
        lambda d: _lesson(d)["required"].append("level"),
        "level must now be sent",
    ),
    "body that must be sent": (
        lambda d: _put(d)["requestBody"].update(required=True),
        "a body must now be sent",
    ),
    "success gone": (lambda d: _get(d)["responses"].pop("204"), "it no longer answers 204"),
}
HARMLESS: dict[str, Edit] = {
    "nothing": lambda _: None,
    "wider maximum in requests": lambda d: _get(d)["parameters"][0]["schema"].update(maximum=200),
    "new optional parameter": lambda d: _get(d)["parameters"].append({"name": "q", "in": "query"}),
    "authentication dropped": lambda d: _put(d).update(security=[]),
    "new operation": lambda d: d["paths"].update({"/new/": {"get": {"responses": {}}}}),
    "new field": lambda d: _fields(d).update(extra={"type": "string"}),
    "optional operation gone": lambda d: d["paths"].pop("/optional/"),
    "parameter of the path called otherwise": lambda d: d["paths"].update(
        {"/lessons/{id}/": d["paths"].pop("/lessons/{pk}/")}
    ),
    "write-only field nullable": lambda d: _fields(d)["secret"].update(type=["string", "null"]),
    "read-only field that must be sent": lambda d: _lesson(d)["required"].append("id"),
}


def _told(edit: Edit) -> list[str]:
    new = copy.deepcopy(DOCUMENT)
    edit(new)
    return [str(found) for found in document_breaks(DOCUMENT, new)]


@pytest.mark.parametrize("name", BREAKING)
def test_break_is_named(name: str) -> None:
    """Every kind of change that breaks a client is told, with operation and place."""
    edit, told = BREAKING[name]

    assert any(told in line for line in _told(edit)), _told(edit)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_change_is_not(name: str) -> None:
    """What no client of the old contract can trip over is no break."""
    assert _told(HARMLESS[name]) == []


def test_new_numbers_are_whole_numbers_too() -> None:
    """An integer fits where a number is wanted, not the other way round."""
    wider = _told(lambda d: _fields(d)["minutes"].update(type=["number", "null"]))

    assert wider == [
        "GET /lessons/{pk}/: in its 200 minutes may now be number",
        "PUT /lessons/{pk}/: in its 200 minutes may now be number",
    ]


def _contract(folder: Path, *, access: tuple[str, str] = ("", "")) -> Path:
    copied = Path(shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")))
    table = copied / "access.yaml"
    text = table.read_text(encoding="utf-8")
    assert access[0] in text
    table.write_text(text.replace(access[0], access[1], 1), encoding="utf-8")
    return copied


def test_raised_tier_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cell of the access table that no longer lets somebody in is a break, although no document changes."""
    row = "category-open:     {cells: [full,   full,"
    new = _contract(tmp_path / "new", access=(row, "category-open:     {cells: [hidden, full,"))

    world = (new / "world.yaml").read_text(encoding="utf-8")
    entry = "  category-open:\n    model: courses.Category\n"
    (new / "world.yaml").write_text(world.replace(entry, f"{entry}    exists: signed-in\n"), encoding="utf-8")
    code = main(["diff-contract", str(FOLDER), str(new)])

    told = capsys.readouterr().out
    assert code == 1, told
    assert "categories.retrieve/category-open: no longer open for guest (full, now hidden)" in told


def test_same_contract_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The contract is compatible with itself: exit code 0, and both kinds of promise were compared."""
    assert main(["diff-contract", str(FOLDER), str(FOLDER)]) == 0
    assert "nothing breaks (documents and access tables)" in capsys.readouterr().out


def test_what_is_no_contract_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be compared is a wrong question, told in one line."""
    (tmp_path / "strange.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")

    assert main(["diff-contract", str(FOLDER), str(tmp_path / "strange.yaml")]) == 4
    assert "is no OpenAPI document" in capsys.readouterr().err
