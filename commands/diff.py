"""`coursegate diff BASE HEAD`: what a change did to the promises, from the results of two runs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coursegate.harness.report.difference import TITLES, Difference, difference
from coursegate.harness.report.gate_file import read_gate

# Of each list so many are named; --json names all of them.
MOST_NAMED = 20
_WIDTH = 150


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", metavar="BASE", type=Path, help="the gate.json of an earlier run")
    command.add_argument("head", metavar="HEAD", type=Path, help="that of a later one")
    command.add_argument("--json", metavar="FILE", type=Path, help="write the difference there, too")


def answer(said: argparse.Namespace) -> int:
    """Print the difference. Returns 0 where nothing got worse, else 1.

    Raises:
        GateFileError: one of the files is no result of a run.
    """
    base, head = read_gate(said.base), read_gate(said.head)
    found = difference(base, head)
    for line in lines(found, base, head):
        print(line)
    if said.json:
        said.json.write_text(json.dumps(found.as_dict(), indent=1) + "\n", encoding="utf-8")
    return 1 if found.is_worse else 0


def lines(found: Difference, base: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[str]:
    """The difference for people: the worst first, each check with what became of it."""
    yield f"{_named(base)} -> {_named(head)}: {found.counted()}"
    if found.partial:
        yield "the later run was filtered: only what it asked for is compared"
    cells = {cell["id"]: cell for cell in (*base["cells"], *head["cells"])}
    for name, ids in found.items():
        if ids:
            yield f"{TITLES[name]} ({len(ids)})"
            yield from (f"  {_told(identity, cells[identity])}"[:_WIDTH] for identity in ids[:MOST_NAMED])
        if len(ids) > MOST_NAMED:
            yield f"  and {len(ids) - MOST_NAMED} more"


def _named(result: Mapping[str, Any]) -> str:
    target = result["target"]
    commit = f" at {target['commit']}" if target.get("commit") else ""
    return f"{result['verdict']} of {target.get('path') or target.get('url')}{commit}"


def _told(identity: str, cell: Mapping[str, Any]) -> str:
    reason = " ".join(str(cell["reason"]).split())
    return f"{identity}  {cell['kind'] or cell['verdict']}" + (f": {reason}" if reason else "")
