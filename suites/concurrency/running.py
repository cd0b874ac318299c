"""Starting the process that runs races, and reading what it has written down."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Kind

AGENT = "coursegate.suites.concurrency.agent"
# Starting and building the world; then for each race what `agent` allows it at most.
SECONDS_TO_START, SECONDS_PER_RACE = 120.0, 60.0
Record = Mapping[str, Any]


def read_records(told: Path) -> list[Record]:
    """What is written down so far: `id`, `kind` and `problems` of a race, or `cannot_ask`, and the seconds it took."""
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return [json.loads(line) for line in lines]


def run_agent(
    checks: Sequence[str], binding: Binding, contract: Contract, seed: str, told: Path, rounds: int = 1
) -> None:
    """Run races, all of them in each round, in a process of its own that shares this one's services.

    Where it ends early, that is written down of the race it was at; those after it are not run.
    """
    before = len(read_records(told))
    with _ordered(checks, binding, contract, seed, told, rounds) as (command, errors):
        limit = SECONDS_TO_START + SECONDS_PER_RACE * len(checks) * rounds
        with errors.open("wb") as stream:
            try:
                done = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=stream,
                    timeout=limit,
                    check=False,
                    env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                )
                why = f"its process ended with {done.returncode}"
            except subprocess.TimeoutExpired:
                why = f"its process had not ended after {limit:g} s"
        records = read_records(told)[before:]
        hung = bool(records) and records[-1]["kind"] == Kind.HANG
        if len(records) < len(checks) * rounds and not hung:
            words = " / ".join(errors.read_text(errors="replace").strip().splitlines()[-3:])
            at = checks[len(records) % len(checks)]
            with told.open("a", encoding="utf-8") as stream_of_records:
                record = {"id": at, "kind": Kind.HANG, "problems": [f"{why}: {words}"]}
                stream_of_records.write(json.dumps(record) + "\n")


@contextmanager
def _ordered(
    checks: Sequence[str], binding: Binding, contract: Contract, seed: str, told: Path, rounds: int
) -> Iterator[tuple[list[str], Path]]:
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        pickled = Path(scratch, "target")
        pickled.write_bytes(pickle.dumps((binding, contract)))
        order = {
            "target": str(pickled),
            "seed": seed,
            "checks": list(checks),
            "rounds": rounds,
            "told": str(told),
            "scratch": scratch,
        }
        yield [sys.executable, "-m", AGENT, json.dumps(order)], Path(scratch, "stderr")
