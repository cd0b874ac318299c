"""`coursegate doctor`: climb the ladder and say what holds, what broke, and what that blocks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from coursegate.contracts.contract import load_contract
from coursegate.harness.preflight.ladder import RungResult, climb
from coursegate.harness.targets.binding import Binding, locate
from coursegate.harness.verdicts import Verdict


def answer(said: argparse.Namespace) -> int:
    """Print the ladder. Returns 0 where every rung holds, else 1."""
    binding = locate(said.target, said.settings)
    results = examine(binding, said)
    for line in report_lines(binding, results):
        print(line)
    return 0 if all(result.verdict is Verdict.PASS for result in results) else 1


def examine(binding: Binding, said: argparse.Namespace) -> list[RungResult]:
    # A contract that cannot be used is told before anything else is done.
    load_contract(said.contract, said.size)
    arguments = {
        "contract": str(said.contract.absolute()),
        "seed": said.world_seed,
        "size": str(said.size),
    }
    return climb(binding, "coursegate.commands.climb", arguments)


def report_lines(binding: Binding, results: list[RungResult]) -> Iterator[str]:
    yield f"{binding.path} with {binding.settings}"
    for result in results:
        yield f"  {result.rung:<9} {result.verdict}"
        for cause in result.causes:
            yield f"            {cause}"
        if result.blocks:
            yield f"            blocks {result.blocks}"
        for note in result.notes:
            yield f"            note: {note}"
    overlay: list[dict[str, str]] = next(
        (result.extra["overlay"] for result in results if "overlay" in result.extra), []
    )
    if overlay:
        yield "  replaced for the run, nothing of it written:"
        for item in overlay:
            yield f"            {item['setting']}: {item['now']} ({item['reason']})"
