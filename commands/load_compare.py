"""`coursegate load compare BASE HEAD`: does a checkout cost more than another, and does it ask its database more?"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from coursegate.contracts.contract import FOLDER
from coursegate.harness.targets.binding import TargetError, locate
from coursegate.harness.targets.deployment import is_url
from coursegate.load.compare.decision import FEWEST_PAIRS
from coursegate.load.compare.session import compare
from coursegate.load.compare.telling import as_data, markdown, remember, write_comparison
from coursegate.load.compare.windows import Pair
from coursegate.load.serving.server import Building, CannotServe
from coursegate.load.serving.storage import AUTO, KINDS
from coursegate.load.signing import CannotSignIn

VOID = 5


def add_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("base", metavar="BASE", help="a checkout: what it was")
    add("head", metavar="HEAD", help="a checkout: what it is now")
    add("--pairs", metavar="N", type=int, default=40, help="pairs of windows, each of some 15 requests")
    add("--db", choices=KINDS, default=AUTO)
    add("--seed", metavar="TEXT", default="coursegate")
    add("--contract", metavar="FOLDER", type=Path, default=FOLDER)
    add("--history", metavar="FILE", type=Path, help="a line is added with what HEAD took")
    add("--report-dir", metavar="FOLDER", type=Path, default=Path("reports/load"))


def answer(said: argparse.Namespace) -> int:
    """Compare. Returns 0 where nothing is worse, 1 where HEAD is slower or asks its database more, 5 where it is void.

    Raises:
        TargetError: there is no such checkout, or too few pairs to tell anything.
        NoService: a database was asked for, and cannot be had.
    """
    if any(map(is_url, (said.base, said.head))):
        raise TargetError(
            "compare wants two checkouts: processor time is seen only of servers that it has started itself."
        )
    if said.pairs < FEWEST_PAIRS:
        raise TargetError(f"--pairs={said.pairs} could not show anything, {FEWEST_PAIRS} are the fewest.")
    base, head = locate(Path(said.base)), locate(Path(said.head))
    said.report_dir.mkdir(parents=True, exist_ok=True)
    building = Building(said.contract.absolute(), 1, said.seed)
    with tempfile.TemporaryDirectory(prefix="coursegate-load-") as scratch:
        try:
            found = compare(base, head, building, Path(scratch), said.db, said.pairs, _tell)
        except (CannotServe, CannotSignIn) as problem:
            print(f"void: {problem}")
            return VOID
    for line in markdown(found):
        print(line)
    write_comparison(as_data(found, str(base.path), str(head.path)), found, said.report_dir)
    if said.history is not None:
        remember(said.history, found, str(head.path))
    return found.exit_code


def _tell(number: int, pair: Pair) -> None:
    print(
        f"  pair {number + 1:3}: base {pair.base.cpu:.2f} ms, head {pair.head.cpu:.2f} ms of processor time per request",
        flush=True,
    )
