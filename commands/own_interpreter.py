"""`coursegate run --python=PYTHON`: a target that cannot live in the gate's environment runs in its own.

It is served on loopback by its own interpreter, with the world in it, and judged over HTTP. The gate lends that interpreter
its own code and what that requires, at the end of the path: every package that the target has is the target's.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from coursegate.commands.places import INI, ROOT

SECONDS_TO_SERVE = 300.0
_TICK = 0.2
_SERVING = re.compile(r"^Serving on (\S+?)/ ", re.MULTILINE)
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Served:
    """Where the target answers, and the file that says what stands in its database."""

    url: str
    world: Path


class DoesNotServe(Exception):
    """The target's interpreter does not come so far as to answer. The text is what it said."""


@contextmanager
def served(python: Path, options: Sequence[str]) -> Iterator[Served]:
    """The target, served by its own interpreter until the block ends.

    Args:
        options: of `coursegate serve`: which target, which settings.

    Raises:
        DoesNotServe: it does not start, or not in time.
    """
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        lent, world = Path(scratch) / "lent", Path(scratch) / "world.json"
        lend(lent)
        command = [str(python), "-m", "coursegate.commands.cli", "serve", "--port=0", f"--world={world}"]
        paths = os.pathsep.join(filter(None, [str(lent), os.environ.get("PYTHONPATH", "")]))
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        said = Path(scratch) / "said.txt"
        with (
            said.open("wb") as stream,
            subprocess.Popen(
                [*command, *options],
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment,
            ) as process,
        ):
            try:
                yield Served(_address(process, said), world)
            finally:
                process.kill()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """What `serve` says of where it serves.

    Raises:
        DoesNotServe: it ends, or takes too long, without saying so.
    """
    until = time.monotonic() + SECONDS_TO_SERVE
    while time.monotonic() < until:
        ended = process.poll() is not None
        told = said.read_text(encoding="utf-8", errors="replace")
        if match := _SERVING.search(told):
            return match[1]
        if ended:
            raise DoesNotServe(told.strip() or "it ended without a word")
        time.sleep(_TICK)
    raise DoesNotServe(f"{said.read_text(errors='replace').strip()}\nnot done after {SECONDS_TO_SERVE:g} s")


def lend(folder: Path) -> None:
    """Make a folder for PYTHONPATH that brings the gate and what it requires, behind what is there already."""
    behind = folder / "behind"
    behind.mkdir(parents=True)
    (folder / "coursegate").symlink_to(ROOT)
    (folder / "sitecustomize.py").write_text(
        f"import sys\n\nsys.path.append({str(behind)!r})\n", encoding="utf-8"
    )
    for package in _required():
        for name, place in _contents(package).items():
            if not (behind / name).exists():
                (behind / name).symlink_to(place)


def _required() -> list[Distribution]:
    """What the gate requires, and what that requires, as it is installed here."""
    asked: list[str] = tomllib.loads(INI.read_text(encoding="utf-8"))["project"]["dependencies"]
    found: dict[str, Distribution] = {}
    while asked:
        said = asked.pop()
        match = _NAME.match(said)
        name = match[0].lower() if match else ""
        if name in found or "extra ==" in said:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another platform or version than this one
            continue
        asked += found[name].requires or []
    return list(found.values())


def _contents(package: Distribution) -> dict[str, Path]:
    """Top-level name -> where it stands, of what a package installs beside its metadata."""
    tops = {file.parts[0] for file in package.files or () if file.parts[0] not in {"..", "__pycache__"}}
    base = Path(str(package.locate_file("")))
    return {name: base / name for name in tops if (base / name).exists()}


def run_there(python: Path, target: str, rest: Sequence[str], run: Sequence[str]) -> int:
    """Serve the target in its interpreter, and judge what answers. Returns the exit code.

    Args:
        rest: what else was typed; `--settings` and the like are the target's.
        run: the command that judges, but for the target.
    """
    own = [
        option for option in rest if option.startswith(("--settings", "--config", "--size", "--world-seed"))
    ]
    others = [option for option in rest if option not in own]
    try:
        with served(python, [f"--target={Path(target).absolute()}", *own]) as place:
            print(f"judged over HTTP: {target} runs in {python}", flush=True)
            asked = [f"--target={place.url}", f"--world={place.world}", "--allow-writes"]
            return subprocess.run([*run, *asked, *others], check=False).returncode
    except DoesNotServe as problem:
        print(f"{target} does not run in {python}:\n{problem}", file=sys.stderr)
        return 1
