"""`coursegate load changes HISTORY`: since which night does the backend take longer?"""

from __future__ import annotations

import argparse
from pathlib import Path

from coursegate.harness.targets.binding import TargetError
from coursegate.load.nights import NoNights, changes


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("history", metavar="HISTORY", type=Path, help="what --history has kept")
    command.add_argument("--otava", metavar="PROGRAM", default="otava", help="Apache Otava (default: otava)")


def answer(said: argparse.Namespace) -> int:
    """Tell each change. Returns 1 where a figure is worse since some night and has not been better again, else 0.

    Raises:
        TargetError: the history cannot be used, or Otava is not there.
    """
    try:
        found = changes(said.history, said.otava)
    except NoNights as problem:
        raise TargetError(str(problem)) from None
    for change in found:
        print(
            f"{change.at:%Y-%m-%d}  {change.metric} {change.percent:+.0f} %: "
            f"{change.before:.2f} to {change.after:.2f} ms, p {f'{change.p:.2g}' if change.p else '< 1e-6'}"
        )
    if not found:
        print("no figure has changed over these nights")
    last = {change.metric: change for change in found}
    return int(any(change.is_worse for change in last.values()))
