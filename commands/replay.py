"""`coursegate replay CELL`: the request of one cell, sent again, with everything that came back."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from coursegate.commands.doctor import examine
from coursegate.contracts.access import Cell
from coursegate.contracts.contract import load_contract
from coursegate.harness.inventory import NOT_ROUTED, Line, absent_operations, inventory, judge
from coursegate.harness.judging.verdict import judgement
from coursegate.harness.observation import Exchange
from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.targets.binding import locate
from coursegate.harness.verdicts import Judgement, Verdict

MOST_BODY = 4000


class NoSuchCell(Exception):
    """The id names no cell of the access table."""


def answer(said: argparse.Namespace) -> int:
    """Send one cell again and print request, answer and verdict. Returns 0 where it passes, else 1."""
    binding = locate(said.target, said.settings)
    cell = None if said.cell.startswith("inventory/") else _cell(said)
    results = examine(binding, said)
    lines = inventory(load_contract(said.contract), results)
    if cell is None:
        return _told(judge(_line(said, lines)), "promised by openapi.yaml")
    promise = f"promised by {', '.join(cell.sources)} (access.yaml:{cell.line})"
    if cell.operation in absent_operations(lines):
        return _told(judgement(cell, None, Verdict.NOT_APPLICABLE, [], NOT_ROUTED), promise)
    fallen = blocking(results)
    if fallen is not None:
        print(f"blocked by preflight, rung {fallen.rung}: {fallen.cause}")
        return 1
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        binding.activate(Path(scratch))
        os.chdir(binding.path)
        import django

        django.setup()
        from coursegate.factories.session import bind  # its models need a Django that has started
        from coursegate.suites.access.sweep import Sweep

        contract = load_contract(said.contract, said.size)
        sweep = Sweep(bind(binding, contract, said.world_seed).client)
        judged = sweep.judge(cell)
        for evidence in sweep.evidence.get(cell.id, []):
            for exchange in evidence.pages:
                _print_exchange(exchange)
    return _told(judged, promise)


def _cell(said: argparse.Namespace) -> Cell:
    cells = load_contract(said.contract).access.cells
    wanted = said.cell.removeprefix("access/")
    if wanted in cells:
        return cells[wanted]
    near = [f"access/{known}" for known in cells if known.split("/")[0] == wanted.split("/")[0]]
    raise NoSuchCell(_unknown(said.cell, near))


def _line(said: argparse.Namespace, lines: Mapping[str, Line]) -> Line:
    if said.cell in lines:
        return lines[said.cell]
    path = said.cell.split(" ")[-1]
    raise NoSuchCell(
        _unknown(said.cell, [known for known in lines if known.startswith(path, known.find("/api"))])
    )


def _unknown(name: str, near: list[str]) -> str:
    return f"no cell is called {name!r}" + (f"; for example {', '.join(near[:3])}" if near else "")


def _print_exchange(exchange: Exchange) -> None:
    print(f"{exchange.request.curl()}" + (f"   # {exchange.moment}" if exchange.moment else ""))
    print(f"  {exchange.answer.summary}")
    body = exchange.request.redact(exchange.answer.text)
    print("  " + body[:MOST_BODY] + (f" … ({len(body)} characters)" if len(body) > MOST_BODY else ""))


def _told(judged: Judgement, promise: str) -> int:
    """Print a verdict. Returns the exit code it means."""
    print(f"{judged.id}: {judged.verdict}")
    print(f"  expected {judged.expected}, {promise}")
    if judged.reason:
        print(f"  {judged.reason}")
    return 0 if judged.verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE} else 1
