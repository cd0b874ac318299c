"""`coursegate doctor`: climb the ladder and say what holds, what broke, and what that blocks."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from pathlib import Path

from coursegate.commands.installing import CannotInstall, install, then
from coursegate.commands.terms import guards_of
from coursegate.contracts.contract import Contract
from coursegate.harness.preflight import live
from coursegate.harness.preflight.ladder import RungResult, climb
from coursegate.harness.targets.binding import Binding, TargetError
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.finding import Place, find
from coursegate.harness.verdicts import Verdict


def answer(said: argparse.Namespace) -> int:
    """Print the ladder; with --install from within an environment that is made for the target.

    Returns 0 where every rung holds, else 1.
    """
    place = find(
        said.target,
        said.settings,
        said.world,
        config=said.config,
        guards=guards_of(said),
        as_is=said.settings_as_is,
    )
    if said.install:
        return _in_its_own(place, said)
    results = examine(place, said)
    for line in report_lines(place, results):
        print(line)
    return 0 if all(result.verdict is Verdict.PASS for result in results) else 1


def _in_its_own(place: Place, said: argparse.Namespace) -> int:
    if not isinstance(place, Binding):
        raise TargetError("--install is for a checkout; a deployment has its own environment.")
    try:
        python = install(place)
    except CannotInstall as problem:
        print(problem)
        return 1
    options = [f"--settings={place.settings}", *(["--settings-as-is"] if said.settings_as_is else [])]
    command = [str(python), "-m", "coursegate.commands.cli", "doctor", f"--target={place.path}", *options]
    code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
    print(f"judge it there: {then(python, place)}")
    return code


def examine(place: Place, said: argparse.Namespace) -> list[RungResult]:
    # A contract that cannot be used is told before anything else is done.
    contract = place.contract(said.contract, said.size)
    return examine_place(place, contract, said.contract, said.world_seed)


def examine_place(place: Place, contract: Contract, folder: Path, seed: str) -> list[RungResult]:
    """The ladder: of a checkout climbed in processes of its own, of a deployment as far as it is seen from outside."""
    if isinstance(place, Deployment):
        return live.examine(place, contract)
    arguments = {"contract": str(folder.absolute()), "seed": seed, "size": str(contract.world.size)}
    return climb(place, "coursegate.commands.climb", arguments)


def report_lines(place: Place, results: list[RungResult]) -> Iterator[str]:
    yield place.label + (
        f" with {place.settings}" if isinstance(place, Binding) else f" with {place.file.path}"
    )
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
