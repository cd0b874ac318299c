"""`coursegate diff-contract OLD NEW`: what of a new contract breaks clients of the old one."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursegate.contracts.access import AccessContract, load_access
from coursegate.contracts.declassified import load_declassified
from coursegate.contracts.differences.documents import Break, document_breaks
from coursegate.contracts.differences.tables import table_breaks
from coursegate.contracts.openapi import load_api
from coursegate.contracts.reading import ContractError, read
from coursegate.contracts.world import load_world

BROKEN = 1
# What a table of access needs beside it to be read.
BESIDE = ("openapi.yaml", "world.yaml", "declassified.yaml", "access.yaml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "old", metavar="OLD", type=Path, help="a folder of contract files, or an OpenAPI document"
    )
    parser.add_argument("new", metavar="NEW", type=Path, help="the same, as it is to be")


def answer(said: argparse.Namespace) -> int:
    """Print every break, one a line. Returns 0 where there is none, else 1.

    Raises:
        ContractError: a document cannot be read.
    """
    found = list(document_breaks(_document(said.old), _document(said.new)))
    tables = _table(said.old), _table(said.new)
    if tables[0] is not None and tables[1] is not None:
        found += table_breaks(tables[0], tables[1])
    for line in found:
        print(line)
    print(_summary(found, compared_tables=None not in tables))
    return BROKEN if found else 0


def _document(path: Path) -> Mapping[str, Any]:
    file = path / "openapi.yaml" if path.is_dir() else path
    root = read(file)
    if "paths" not in root.mapping() or not root.mapping()["paths"].is_mapping:
        raise ContractError(file, 1, "is no OpenAPI document: it has no paths")
    found: Mapping[str, Any] = root.plain()
    return found


def _table(path: Path) -> AccessContract | None:
    """The access table of a folder of contract files, or of the one that a document stands in; None without one."""
    folder = path if path.is_dir() else path.parent
    if not all((folder / name).is_file() for name in BESIDE):
        return None
    api, world = load_api(folder / "openapi.yaml"), load_world(folder / "world.yaml")
    declassified = load_declassified(folder / "declassified.yaml", api, world)
    return load_access(folder / "access.yaml", api, world, declassified)


def _summary(found: list[Break], *, compared_tables: bool) -> str:
    what = (
        "documents and access tables"
        if compared_tables
        else "documents only: there are not two access tables"
    )
    if not found:
        return f"nothing breaks ({what})"
    return f"{len(found)} break{'s' if len(found) > 1 else ''} ({what})"
