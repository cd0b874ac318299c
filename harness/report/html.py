"""`gate.html`: the page people read, one file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursegate.contracts.contract import Contract
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.report.gate_json import SCHEMA_VERSION, Result
from coursegate.harness.report.headline import KINDS
from coursegate.harness.report.loaded import read_load
from coursegate.harness.report.page import Page, page_of
from coursegate.harness.report.proved import read_proof
from coursegate.harness.report.redaction import redacted
from coursegate.harness.report.squares import MARKS, link

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent


def write_page(result: Result, contract: Contract, folder: Path) -> Path:
    """Write `gate.html` beside `gate.json`, whole or not at all.

    Raises:
        OSError: the folder has become unwritable.
    """
    page = page_of(result, contract, datetime.now(UTC), read_proof(folder), read_load(folder))
    return write_whole(folder / "gate.html", render(page))


def render(page: Page) -> str:
    """The page as HTML; the same data give the same text."""
    style, script = (_read(name) for name in ("gate.css", "gate.js"))
    return (
        environment()
        .get_template("gate.html.jinja")
        .render(
            page=page,
            result=page.result,
            marks=MARKS,
            kinds=KINDS,
            schema_version=SCHEMA_VERSION,
            style=style,
            script=script,
            policy=f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'",
        )
    )


@cache
def environment() -> Environment:
    """The templates, each compiled once in a process."""
    # This module is imported in every pytest of the environment that the gate is installed in.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        finalize=_shown,
        loader=FileSystemLoader(FOLDER),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["link"] = link
    return environment


def _shown(value: Any) -> Any:
    """What is put in for an expression; markup has been through this once."""
    return value if hasattr(value, "__html__") else redacted(str(value))


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """How a Content-Security-Policy names an inline block."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
