"""`coursegate replay CELL`: the request of one cell, sent again, with everything that came back."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from coursegate.commands.doctor import examine, size_of
from coursegate.contracts.access import Cell
from coursegate.contracts.contract import load_contract
from coursegate.harness.inventory import NOT_ROUTED, Line, absent_operations, inventory, judge
from coursegate.harness.judging.verdict import judgement
from coursegate.harness.observation import Exchange
from coursegate.harness.preflight import live
from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.session import Bound
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.finding import Place, find
from coursegate.harness.verdicts import Judgement, Verdict
from coursegate.suites.access.sweep import Sweep

MOST_BODY = 4000


class NoSuchCell(Exception):
    """The id names no cell of the access table."""


def answer(said: argparse.Namespace) -> int:
    """Send one cell again and print request, answer and verdict. Returns 0 where it passes, else 1."""
    place = find(said.target, said.settings, said.world, writes=said.allow_writes)
    cell = None if said.cell.startswith("inventory/") else _cell(said)
    results = examine(place, said)
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
    contract = load_contract(said.contract, size_of(place, said))
    if isinstance(place, Deployment):
        bound = live.bind(place, contract)
        if cell.operation in live.absent_operations(bound):
            return _told(judgement(cell, None, Verdict.NOT_APPLICABLE, [], NOT_ROUTED), promise)
        return _told(_asked(bound, cell, place), promise)
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        place.activate(Path(scratch))
        os.chdir(place.path)
        import django

        django.setup()
        from coursegate.factories.session import bind  # its models need a Django that has started

        judged = _asked(bind(place, contract, said.world_seed), cell, place)
    return _told(judged, promise)


def _asked(bound: Bound, cell: Cell, place: Place) -> Judgement:
    """Ask the cell, with its row and its twin, and print what was said."""
    sweep = Sweep(bound.client)
    judged = sweep.judge(cell)
    for evidence in sweep.evidence.get(cell.id, []):
        for exchange in evidence.pages:
            _print_exchange(exchange, place.base_url)
    return judged


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


def _print_exchange(exchange: Exchange, base: str) -> None:
    print(f"{exchange.request.curl(base)}" + (f"   # {exchange.moment}" if exchange.moment else ""))
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
