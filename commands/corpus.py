"""`coursegate corpus update`: generate cases against a backend, and keep what is worth replaying in every run."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from coursegate.contracts.contract import Contract
from coursegate.contracts.corpus import Case, sequence_hash, write_corpus
from coursegate.contracts.openapi import Operation
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.client import CannotAsk
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import locate
from coursegate.suites.fuzz.asking import Findings
from coursegate.suites.fuzz.generating import generated
from coursegate.suites.fuzz.keeping import Keeper
from coursegate.suites.fuzz.sharing import share

FOUND = 1


class NoSuchOperation(WrongQuestion):
    """An operation was named that the contract does not describe."""


def add_arguments(parser: argparse.ArgumentParser, backend: Path, contract: Path) -> None:
    parser.add_argument("action", choices=("update",), help="update: add what failed, or did something new")
    parser.add_argument("--target", metavar="PATH", default=str(backend))
    parser.add_argument("--settings", metavar="MODULE", default="")
    parser.add_argument("--contract", metavar="FOLDER", type=Path, default=contract)
    parser.add_argument("--world-seed", metavar="TEXT", default="coursegate")
    parser.add_argument(
        "--fuzz-seconds", metavar="N", type=float, default=300.0, help="in all (default: 300)"
    )
    parser.add_argument("--fuzz-seed", metavar="N", type=int, default=1)
    parser.add_argument(
        "--most", metavar="N", type=int, default=150, help="cases of one operation (default: 150)"
    )
    parser.add_argument(
        "--operation", metavar="ID", action="append", help="only these; the others stay as they are"
    )
    parser.add_argument("--anew", action="store_true", help="forget what the corpus holds now")


def answer(said: argparse.Namespace) -> int:
    """Generate, keep, write, and say how many. Returns 0, or 1 where a case fails on the target.

    Raises:
        TargetError: there is no such backend.
        ContractError: the contract cannot be used.
        NoSuchOperation: it describes none that is called as was asked.
    """
    binding = locate(Path(said.target), said.settings)
    contract = binding.contract(said.contract.absolute())
    if strange := set(said.operation or ()) - contract.api.operations.keys():
        raise NoSuchOperation(
            f"--operation {min(strange)}: {said.contract / 'openapi.yaml'} describes no such operation"
        )
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        binding.activate(Path(scratch))
        os.chdir(binding.path)
        import django

        django.setup()
        from coursegate.factories.session import bind  # its models need a Django that has started

        bound = bind(binding, contract, said.world_seed)
        kept, failing = _kept(said, contract, bound)
    write_corpus(said.contract.absolute() / "corpus", kept)
    print(f"{len(kept)} cases of {len({case.operation for case in kept})} operations, {sequence_hash(kept)}")
    for line in failing:
        print(f"fails: {line}")
    return FOUND if failing else 0


def _kept(said: argparse.Namespace, contract: Contract, bound: Bound) -> tuple[list[Case], list[str]]:
    kept: list[Case] = []
    failing: list[str] = []
    operations = list(contract.api.operations.values())
    asked = set(said.operation or contract.api.operations)
    for number, operation in enumerate(operations, 1):
        if operation.id not in asked:
            kept += contract.corpus.get(operation.id, ())
            continue
        keeper, findings = Keeper(bound), Findings(bound)
        ends = time.monotonic() + said.fuzz_seconds * share(operation.id, asked, contract)
        for case in _cases(operation, contract, said):
            if time.monotonic() > ends:
                break
            try:
                trial = keeper.consider(case)
            except CannotAsk:
                continue
            if findings.add(trial):
                keeper.fails(case, trial)
        kept += keeper.chosen()
        failing += sorted(findings.found)
        print(f"\r{number}/{len(operations)} {operation.id}: {len(kept)} kept\x1b[K", end="", file=sys.stderr)
    print(file=sys.stderr)
    return kept, failing


def _cases(operation: Operation, contract: Contract, said: argparse.Namespace) -> Iterator[Case]:
    """What the corpus holds, then new ones, as many as were asked for."""
    if not said.anew:
        yield from contract.corpus.get(operation.id, ())
    yield from itertools.islice(generated(operation, contract, said.fuzz_seed), said.most)
