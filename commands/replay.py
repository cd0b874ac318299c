"""`coursegate replay CELL`: the request of one cell, sent again, with everything that came back."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from coursegate.commands.doctor import examine
from coursegate.contracts.access import Cell
from coursegate.contracts.contract import load_contract
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
    cell = _cell(said)
    fallen = blocking(examine(binding, said))
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
    _print_verdict(cell, judged)
    return 0 if judged.verdict is Verdict.PASS else 1


def _cell(said: argparse.Namespace) -> Cell:
    cells = load_contract(said.contract).access.cells
    wanted = said.cell.removeprefix("access/")
    if wanted in cells:
        return cells[wanted]
    near = [known for known in cells if known.split("/")[0] == wanted.split("/")[0]][:3]
    hint = f"; for example access/{', access/'.join(near)}" if near else ""
    raise NoSuchCell(f"no cell is called {said.cell!r}{hint}")


def _print_exchange(exchange: Exchange) -> None:
    print(f"{exchange.request.curl()}" + (f"   # {exchange.moment}" if exchange.moment else ""))
    print(f"  {exchange.answer.summary}")
    body = exchange.request.redact(exchange.answer.text)
    print("  " + body[:MOST_BODY] + (f" … ({len(body)} characters)" if len(body) > MOST_BODY else ""))


def _print_verdict(cell: Cell, judged: Judgement) -> None:
    print(f"{judged.id}: {judged.verdict}")
    print(f"  expected {judged.expected}, promised by {', '.join(cell.sources)} (access.yaml:{cell.line})")
    if judged.reason:
        print(f"  {judged.reason}")
