"""`make compat`: the gate and the reference backend under the versions that backends of this family run on.

Each combination gets an environment of its own, in which a sample of the access table must hold. What is not possible on
this machine is named, and not counted as good.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursegate.tests.gate.gate_process import BACKEND, ROOT, SAMPLE

SECONDS = 1800
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


@dataclass(frozen=True)
class Combination:
    """What is installed in place of what the backend asks for by itself; `python` is the oldest that takes it."""

    name: str
    packages: tuple[str, ...]
    python: tuple[int, int] = (3, 11)


MATRIX = (
    # Backends that have not come to 5.2 yet; the reference stands for them, as it asks for nothing newer.
    Combination("Django 5.1", ("Django==5.1.*", "djangorestframework==3.15.*", "bleach==6.*")),
    Combination("oldest", ("Django==5.2.*", "djangorestframework==3.16.*", "bleach==5.*")),
    Combination("newest of Django 5.2", ("Django==5.2.*", "djangorestframework", "bleach==6.*")),
    Combination("Django 6", ("Django==6.*", "djangorestframework", "bleach==6.*"), python=(3, 12)),
)


class Impossible(Exception):
    """The combination cannot be had here. The text says why."""


def main(wanted: Sequence[str]) -> int:
    """Run the matrix, or the combinations that are named. Returns 1 where one that is possible does not hold."""
    held: list[bool] = []
    for combination in MATRIX:
        if wanted and combination.name not in wanted:
            continue
        try:
            code, versions, told = _tried(combination)
        except Impossible as problem:
            print(f"not possible  {combination.name}: {problem}", flush=True)
            continue
        held.append(code == 0)
        print(f"{'holds' if code == 0 else 'BROKEN':<13} {combination.name}: {versions}", flush=True)
        if code:
            print(told)
    print(f"{sum(held)} of {len(held)} possible combinations hold" if held else "nothing was possible")
    return 0 if held and all(held) else 1


def _tried(combination: Combination) -> tuple[int, str, str]:
    """The exit code of a run in an environment of that combination, its versions, and what the run said."""
    python = _interpreter(combination)
    with tempfile.TemporaryDirectory(prefix="coursegate-compat-") as scratch:
        place = Path(scratch) / "environment"
        _ran([python, "-m", "venv", str(place)], "no environment can be made")
        inside = str(place / "bin" / "python")
        pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _ran([*pip, *_requirements(combination)], "pip finds no such set of packages")
        _ran([*pip, "--no-deps", "--editable", str(ROOT)], "the gate does not install")
        shown = _ran([inside, "-m", "pip", "list", "--format=freeze"], "pip does not say what is there")
        versions = ", ".join(
            line
            for line in shown.splitlines()
            if re.match(r"(?i)(django|djangorestframework|bleach)==", line)
        )
        command = [inside, "-m", "coursegate.commands.cli", "run", f"--target={BACKEND}", *SAMPLE]
        done = subprocess.run(
            [*command, f"--report-dir={scratch}/reports"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        version = _ran([inside, "--version"], "it does not start").strip()
    return done.returncode, f"{version}, {versions}", done.stdout + done.stderr


def _interpreter(combination: Combination) -> str:
    """The oldest interpreter of this machine that takes the combination.

    Raises:
        Impossible: there is none.
    """
    if sys.version_info >= combination.python:
        return sys.executable
    for name in PYTHONS:
        version = tuple(int(part) for part in name.removeprefix("python").split("."))
        if version >= combination.python and (found := shutil.which(name)) and _starts(found):
            return found
    raise Impossible(
        f"it needs Python {'.'.join(map(str, combination.python))} or newer, which is not on the PATH"
    )


def _starts(python: str) -> bool:
    """Whether there is an interpreter behind a name: version managers put one on the PATH for those that are not chosen."""
    done = subprocess.run([python, "-c", ""], capture_output=True, timeout=60, check=False)
    return done.returncode == 0


def _requirements(combination: Combination) -> list[str]:
    """What the gate and the reference backend need, with the combination in place of what it names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["backend"]]
    replaced = {_name(package) for package in combination.packages}
    return [package for package in asked if _name(package) not in replaced] + list(combination.packages)


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement, maxsplit=1)[0].lower()


def _ran(command: Sequence[str], otherwise: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr[-200:]]
        raise Impossible(f"{otherwise}: {' '.join(last[0].split())}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
