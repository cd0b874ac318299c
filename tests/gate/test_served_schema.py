"""The schema that the reference backend serves says what the contract says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from coursegate.contracts.contract import FOLDER
from coursegate.contracts.openapi import METHODS
from coursegate.tests.gate.gate_process import BACKEND

Operations = dict[tuple[str, str], Mapping[str, Any]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The backend's own schema; its making fails on the first warning."""
    path = tmp_path_factory.mktemp("schema") / "served.json"
    command = ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json"]
    subprocess.run([sys.executable, *command, "--file", str(path)], cwd=BACKEND, check=True, timeout=120)
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def promised() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((FOLDER / "openapi.yaml").read_text(encoding="utf-8"))
    return found


def _operations(document: Mapping[str, Any]) -> Operations:
    """Every operation by method and path; what is said of a path is said of each of its operations."""
    return {
        (method, path): {
            "security": document.get("security", []),
            **operation,
            "parameters": [*item.get("parameters", []), *operation.get("parameters", [])],
        }
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def _parameters(document: Mapping[str, Any], operation: Mapping[str, Any], kind: str) -> set[str]:
    def resolved() -> Iterator[Mapping[str, Any]]:
        for parameter in operation["parameters"]:
            name = re.sub(r".*/", "", parameter.get("$ref", ""))
            yield document["components"]["parameters"][name] if name else parameter

    return {parameter["name"] for parameter in resolved() if parameter["in"] == kind}


def _is_public(operation: Mapping[str, Any]) -> bool:
    return not operation["security"] or {} in operation["security"]


def test_same_operations(served: Mapping[str, Any], promised: Mapping[str, Any]) -> None:
    """The backend serves the operations of the contract, with the same names in their paths, and no other."""
    assert _operations(served).keys() == _operations(promised).keys()


def test_same_callers(served: Mapping[str, Any], promised: Mapping[str, Any]) -> None:
    """An operation that needs a token says so in both, and one that does not in neither."""
    theirs, ours = _operations(served), _operations(promised)

    assert {key for key in ours if _is_public(theirs[key]) != _is_public(ours[key])} == set()


def test_success_is_announced(served: Mapping[str, Any], promised: Mapping[str, Any]) -> None:
    """Every success that the backend announces is one the contract allows."""
    theirs, ours = _operations(served), _operations(promised)
    surplus = {
        key: {status for status in theirs[key]["responses"] if status < "300"} - ours[key]["responses"].keys()
        for key in ours
    }

    assert {key: statuses for key, statuses in surplus.items() if statuses} == {}


def test_query_parameters_are_announced(served: Mapping[str, Any], promised: Mapping[str, Any]) -> None:
    """Every query parameter of the contract is in the served schema."""
    theirs, ours = _operations(served), _operations(promised)
    missing = {
        key: _parameters(promised, ours[key], "query") - _parameters(served, theirs[key], "query")
        for key in ours
    }

    assert {key: names for key, names in missing.items() if names} == {}
