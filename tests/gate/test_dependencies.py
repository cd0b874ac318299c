"""What `pip install` brings is what the gate imports: nothing works only where its developers' tools are."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata

from coursegate.tests.gate.gate_process import ROOT

IMPORTED = """
import sys
class Undeclared:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused!r}:
            raise ModuleNotFoundError(f"no module named {{name!r}}", name=name)
sys.meta_path.insert(0, Undeclared())
import coursegate.commands.plugin
from coursegate.commands.cli import main
main(["completion", "bash"])  # the options of every command
"""
# The target brings it, in the version that it is made for.
OF_THE_TARGET = ("Django", "asgiref", "sqlparse")


def test_command_line_needs_what_is_declared() -> None:
    """Without any distribution that is neither a dependency nor needed by one, the command line and the plugin import."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    known = {_plain(name) for name in (*_closure(declared), *OF_THE_TARGET, "coursegate")}
    refused = {
        module
        for module, distributions in metadata.packages_distributions().items()
        if not any(_plain(name) in known for name in distributions)
    }
    assert {"locust", "mypy", "schemathesis"} <= refused

    script = IMPORTED.format(refused=refused)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def _closure(requirements: Iterable[str]) -> Iterator[str]:
    """The names of distributions, with all that they need here."""
    seen: set[str] = set()
    waiting = [_name(one) for one in requirements]
    while waiting:
        name = waiting.pop()
        if _plain(name) in seen:
            continue
        seen.add(_plain(name))
        yield name
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another platform or Python
            continue
        waiting += [_name(one) for one in needed if "extra ==" not in one]


def _name(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[(]", requirement, maxsplit=1)[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
