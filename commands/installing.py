"""`coursegate doctor --install`: an environment for a target, with what it requires and the gate beside it."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

from coursegate.commands.places import INI, ROOT, cache_folder
from coursegate.harness.preflight.requirements import lines_of, requirements_of
from coursegate.harness.targets.binding import Binding

SECONDS = 1800
_LEFT_OUT = (".git", ".venv", ".typing", "reports", "build", "*.egg-info", "__pycache__", ".*_cache")


class CannotInstall(Exception):
    """The environment does not come about. The text says why (exit code 1: it is the target's requirements)."""


def place_of(binding: Binding) -> Path:
    """Where the environment of a checkout stands: never inside the checkout."""
    mark = hashlib.blake2s(str(binding.path).encode(), digest_size=4).hexdigest()
    return cache_folder() / "environments" / f"{binding.path.name}-{mark}"


def install(binding: Binding) -> Path:
    """Make the environment anew. Returns its Python.

    Raises:
        CannotInstall: there is no requirements file, or pip does not come to an end with it.
    """
    file = requirements_of(binding.path)
    if file is None:
        raise CannotInstall(f"{binding.path} has no requirements.txt that says what it needs")
    place = place_of(binding)
    print(f"installing {file} and the gate into {place}", flush=True)
    venv.create(place, clear=True, with_pip=True)
    python = place / "bin" / "python"
    own = tomllib.loads(INI.read_text(encoding="utf-8"))["project"]["dependencies"]
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        asked = Path(scratch) / "requirements.txt"
        asked.write_text("\n".join([*lines_of(file), *own]) + "\n", encoding="utf-8")
        _pip(python, ["-r", str(asked)], "what it requires, beside what the gate requires")
        gate = shutil.copytree(ROOT, Path(scratch) / "gate", ignore=shutil.ignore_patterns(*_LEFT_OUT))
        _pip(python, ["--no-deps", str(gate)], "the gate")
    return python


def _pip(python: Path, arguments: Sequence[str], what: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise CannotInstall(f"{what}: not done after {SECONDS} s") from None
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if re.match(r"\s*ERROR", line)]
        raise CannotInstall(f"{what}: pip says {' '.join((told or [done.stderr.strip()[-300:]])[0].split())}")


def then(python: Path, binding: Binding) -> str:
    """What to type to judge the target in its environment."""
    return f"{python} -m coursegate.commands.cli run {binding.options}"
