"""The checks of this room: every race, each with its proofs."""

from __future__ import annotations

from importlib import import_module

from coursegate.contracts.contract import Contract
from coursegate.suites.concurrency.race import MARKED, RaceCheck, checks_of

# Importing a file is what marks its races.
FILES = (
    "courses",
    "durations",
    "enrolling",
    "health",
    "learning",
    "outline",
    "reviews",
    "standing",
    "subscriptions",
    "tasks",
    "teaching",
    "withdrawing",
)


def checks(contract: Contract) -> list[RaceCheck]:
    for name in FILES:
        import_module(f"coursegate.suites.concurrency.{name}")
    known = checks_of(MARKED)
    return [check for check in known if not check.operation or check.operation in contract.api.operations]
