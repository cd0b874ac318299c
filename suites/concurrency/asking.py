"""Races are run by a process of their own that has the target on PostgreSQL; here its words are waited for."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursegate.harness.client import CannotAsk, CannotAssess
from coursegate.harness.observation import Exchange
from coursegate.harness.services.guarding import NoService, hold
from coursegate.harness.services.services import Services, joined, opened
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.source import SourceTarget
from coursegate.harness.verdicts import NEEDS_POSTGRES, NEEDS_SOURCE, Kind, Problem
from coursegate.suites.concurrency.race import RaceCheck

AGENT = "coursegate.suites.concurrency.agent"
# Starting and building the world; then for each race what `agent` allows it at most.
SECONDS_TO_START, SECONDS_PER_RACE = 120.0, 60.0
# Without a run around it, as when one check is asked again.
_OWN = ExitStack()
atexit.register(_OWN.close)


@dataclass(frozen=True)
class Batch:
    """The ids of the races that are run together."""

    checks: tuple[str, ...]


def ask(check: RaceCheck, bound: Bound, batch: Batch | None = None) -> tuple[list[Exchange], list[Problem]]:
    """What the race comes to; it is run with the others of its batch when the first of them is asked for.

    Raises:
        CannotAssess: the target is no checkout, or there is no PostgreSQL.
        CannotAsk: the race cannot be set up in this target.
    """
    if not isinstance(bound.target, SourceTarget):
        raise CannotAssess(f"{NEEDS_SOURCE}: races are run where rows can be looked at and put back")
    try:
        services = joined() or _OWN.enter_context(opened())
        services.postgres()
    except NoService as problem:
        raise CannotAssess(f"{NEEDS_POSTGRES}: {problem}") from None
    wanted = batch.checks if batch and check.id in batch.checks else (check.id,)
    told = _told_of(check.id, wanted, bound, bound.target.binding, services)
    if reason := told.get("cannot_ask"):
        raise CannotAsk(reason)
    return [], [
        Problem(Kind(told["kind"]), text, _cause(check, told["kind"])) for text in told["problems"][:1]
    ]


def _cause(check: RaceCheck, kind: str) -> str:
    return f"{check.id.rpartition('/')[0].removeprefix('concurrency/')} does not stand two at once ({kind})"


def _told_of(
    check: str, wanted: tuple[str, ...], bound: Bound, binding: Binding, services: Services
) -> Mapping[str, Any]:
    """What is told of one race, after running those of the batch of which nothing is told yet."""
    # The runs of several targets may share their services.
    target = hashlib.blake2s(str(binding.path).encode()).hexdigest()[:16]
    told = services.folder / f"races-{target}.jsonl"
    with hold(told.with_suffix(".lock")):
        while check not in (known := _read(told)):
            left = [name for name in wanted if name not in known]
            _run_agent(left, bound, binding, told)
    return known[check]


def _read(told: Path) -> dict[str, Mapping[str, Any]]:
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return {said["id"]: said for said in map(json.loads, lines)}


def _run_agent(checks: list[str], bound: Bound, binding: Binding, told: Path) -> None:
    """Run races in a process of their own; where it ends early, that is told of the one it was at."""
    with _ordered(checks, bound, binding, told) as (command, errors):
        limit = SECONDS_TO_START + SECONDS_PER_RACE * len(checks)
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
        if left := [name for name in checks if name not in _read(told)]:
            words = " / ".join(errors.read_text(errors="replace").strip().splitlines()[-3:])
            record = {"id": left[0], "kind": Kind.HANG, "problems": [f"{why}: {words}"]}
            with told.open("a", encoding="utf-8") as stream_of_records:
                stream_of_records.write(json.dumps(record) + "\n")


@contextmanager
def _ordered(
    checks: list[str], bound: Bound, binding: Binding, told: Path
) -> Iterator[tuple[list[str], Path]]:
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        contract = Path(scratch, "contract")
        contract.write_bytes(pickle.dumps(bound.contract))
        order = {
            "path": str(binding.path),
            "settings": binding.settings,
            "contract": str(contract),
            "seed": bound.world.seed,
            "checks": checks,
            "told": str(told),
            "scratch": scratch,
        }
        yield [sys.executable, "-m", AGENT, json.dumps(order)], Path(scratch, "stderr")
