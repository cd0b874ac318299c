"""Reading a `gate.json` that some run wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.report.gate_json import SCHEMA_VERSION

_NEEDED = frozenset({"schema_version", "verdict", "cells", "summary", "target", "preflight"})


class GateFileError(WrongQuestion):
    """A file is no result of the gate that can be used here (exit code 4). The text says why."""


def read_gate(path: Path | None, *, needed_to: str = "compare") -> dict[str, Any]:
    """The result of a run, as plain data.

    Raises:
        GateFileError: no file, something else, or the result of an incompatible version.
    """
    if path is None:
        raise GateFileError(f"to {needed_to}, name the result of a run: --report=reports/gate.json")
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise GateFileError(f"{path}: {problem.strerror}. `coursegate run` writes gate.json") from None
    except ValueError as problem:
        raise GateFileError(f"{path} is no JSON: {problem}") from None
    if not isinstance(found, dict) or not found.keys() >= _NEEDED:
        raise GateFileError(f"{path} is no result of a run")
    if str(found["schema_version"]).split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise GateFileError(
            f"{path} has version {found['schema_version']} of the result, this gate reads {SCHEMA_VERSION}"
        )
    return found
