"""`coursegate waivers`: look at a waiver file, propose entries for it, and take out what nobody needs any more."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from coursegate.commands.declared import declared_checks
from coursegate.contracts.contract import load_contract
from coursegate.contracts.waivers import KINDS, load_waivers
from coursegate.harness.report.gate_file import read_gate
from coursegate.harness.verdicts import Verdict
from coursegate.harness.waivers import WRONG, Standing, State, is_of_the_contract, standings

NAME = "waivers.yaml"
_PRUNED = frozenset({State.UNMATCHED, State.UNNEEDED})
_HEAD = "# Fill in every blank; a waiver lasts 90 days at most. `coursegate waivers check` looks it over."


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "what",
        choices=("check", "suggest", "prune"),
        help="check a file; suggest entries for what fails; prune takes out what no longer fails or exists",
    )
    command.add_argument(
        "--waivers", metavar="FILE", type=Path, default=Path(NAME), help=f"default: {NAME} here"
    )
    command.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        help="a gate.json: what of it fails (needed to suggest and prune)",
    )
    command.add_argument("--today", metavar="DAY", type=date.fromisoformat, default=None, help="2026-11-30")


def answer(said: argparse.Namespace) -> int:
    """Do as asked. Returns 0 where nothing is wrong with the waivers, else 1.

    Raises:
        ContractError: the waiver file is malformed.
        GateFileError: the report cannot be read, or is needed and was not named.
    """
    cells = (
        read_gate(said.report, needed_to=said.what)["cells"] if said.report or said.what != "check" else []
    )
    if said.what == "suggest":
        known = {waiver.id for waiver in load_waivers(said.waivers)} if said.waivers.exists() else set()
        for line in suggested(cells, known, said.today or date.today()):
            print(line)
        return 0
    waivers = load_waivers(said.waivers)
    by_id = {cell["id"]: cell for cell in cells}
    declared = [*declared_checks(load_contract()), *by_id]
    found = standings(waivers, by_id, declared, said.today or date.today())
    return _prune(said.waivers, found) if said.what == "prune" else _check(found)


def _check(found: Sequence[Standing]) -> int:
    for item in found:
        print(f"{item.state:<9} {item.waiver.id} until {item.waiver.expires}" + _because(item))
    wrong = [item for item in found if item.state in WRONG]
    print(f"{len(found)} waivers, {len(wrong)} of them wrong" if found else "no waivers")
    return 1 if wrong else 0


def _prune(path: Path, found: Sequence[Standing]) -> int:
    """Take the lines of what is not needed out of the file; comments and order of the rest stay."""
    gone = [item for item in found if item.state in _PRUNED]
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for item in sorted(gone, key=lambda item: -item.waiver.line):
        del lines[item.waiver.line - 1 : item.waiver.end - 1]
        print(f"taken out: {item.waiver.id}" + _because(item))
    text = "".join(lines)
    if gone and len(gone) == len(found):
        text = text.rstrip() + " []\n"
    if gone:
        path.write_text(text, encoding="utf-8")
    for item in found:
        if item.state in WRONG - _PRUNED:
            print(f"left in, and {item.state}: {item.waiver.id}" + _because(item))
    return 1 if any(item.state in WRONG - _PRUNED for item in found) else 0


def _because(item: Standing) -> str:
    return f": {item.told}" if item.told else ""


def suggested(cells: Sequence[Mapping[str, Any]], known: set[str], today: date) -> Iterator[str]:
    """A waiver file for what fails and may be waived; what only a person can say is left blank."""
    failing = [cell for cell in cells if cell["verdict"] == Verdict.FAIL and cell["id"] not in known]
    waivable = [cell for cell in failing if cell["kind"] in KINDS and not is_of_the_contract(cell)]
    yield _HEAD
    for cell in failing:
        if cell not in waivable:
            yield f"# not waivable ({cell['kind'] if cell['kind'] not in KINDS else 'inventory'}): {cell['id']}"
    yield "waivers:" if waivable else "waivers: []"
    for cell in waivable:
        yield f"  - id: {_scalar(cell['id'])}"
        yield f"    fails: {cell['kind']}"
        yield f"    cause: {_scalar(cell['cause'])}"
        yield "    reason:"
        yield "    owner:"
        yield "    issue:"
        yield f"    created: {today.isoformat()}"
        yield "    expires:"


def _scalar(text: str) -> str:
    """A text as YAML takes it, on one line. JSON is YAML, but for what needs no quotes."""
    plain = (
        yaml.safe_load(f"x: {text}\n") if "\n" not in text and ": " not in text and " #" not in text else None
    )
    return text if plain == {"x": text} else json.dumps(text, ensure_ascii=False)
