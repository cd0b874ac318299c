"""`coursegate init`: what a backend's repository needs to be judged: settings, workflows, a waiver file."""

from __future__ import annotations

import argparse
import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursegate.commands.doctor import examine_place, report_lines
from coursegate.commands.places import ROOT
from coursegate.contracts.contract import FOLDER
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.report.gate_json import git
from coursegate.harness.targets.binding import Binding, locate
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import DEFAULT_SEED

TEMPLATES = ROOT / "ci" / "github"
PREFIX = "/api/"
REQUIREMENTS = ("requirements.txt", "requirements/base.txt", "pyproject.toml")
WAIVERS = """\
# Promises that may stay broken for a while, each in somebody's name, for 90 days at most; a leak never.
# `coursegate waivers suggest --report=reports/gate.json` proposes entries, `coursegate waivers check` looks them over.
waivers: []
"""


@dataclass(frozen=True)
class Found:
    """What can be seen of a repository.

    Attributes:
        top: the repository's own folder; the backend's where there is none.
        prefix: what the paths of the audited app begin with.
        requirements: the file that names what the backend needs, from the top; "" where none was found.
    """

    binding: Binding
    top: Path
    prefix: str
    requirements: str

    @property
    def folder(self) -> str:
        """The backend, from the top of its repository."""
        return self.binding.path.relative_to(self.top).as_posix()


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", metavar="PATH", type=Path, default=Path())
    command.add_argument("--settings", metavar="MODULE", default="")


def answer(said: argparse.Namespace) -> int:
    """Write what is missing, look at the backend, say the next step. Returns 0 where it can be judged, else 1.

    Raises:
        TargetError: there is no backend.
        OSError: its folder cannot be written.
    """
    found = look(locate(said.target, said.settings))
    for path, text in files(found).items():
        name = path.relative_to(found.top)
        if path.exists():
            print(f"left as it is  {name}")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        print(f"written        {name}")
    results = examine_place(found.binding, found.binding.contract(), FOLDER, DEFAULT_SEED)
    for line in report_lines(found.binding, results):
        print(line)
    fallen = blocking(results)
    for line in _next(found, fallen.rung if fallen else ""):
        print(line)
    return 0 if all(result.verdict is Verdict.PASS for result in results) else 1


def look(binding: Binding) -> Found:
    """What the repository says of itself; nothing of it is run."""
    top = Path(git(binding.path, "rev-parse", "--show-toplevel") or binding.path)
    if not binding.path.is_relative_to(top):
        top = binding.path
    named = [binding.path / name for name in REQUIREMENTS] + [top / name for name in REQUIREMENTS]
    requirements = next(
        (path.relative_to(top).as_posix() for path in named if path.suffix == ".txt" and path.is_file()), ""
    )
    return Found(binding, top, _prefix(binding), requirements)


def files(found: Found) -> Mapping[Path, str]:
    """What belongs into the repository, by where."""
    workflows = found.top / ".github" / "workflows"
    return {
        found.binding.path / "coursegate.toml": _settings(found),
        found.binding.path / "waivers.yaml": WAIVERS,
        **{workflows / path.name: _workflow(path, found) for path in sorted(TEMPLATES.glob("*.yml"))},
    }


def _settings(found: Found) -> str:
    return (
        "# What the gate cannot know of this backend by itself. `coursegate init` wrote it; it is yours.\n\n"
        f"[target]\nsettings = {json.dumps(found.binding.settings)}\nprefix = {json.dumps(found.prefix)}\n"
    )


def _workflow(template: Path, found: Found) -> str:
    text = template.read_text(encoding="utf-8")
    text = text.replace("TARGET: .\n", f"TARGET: {json.dumps(found.folder)}\n")
    return text.replace(
        "REQUIREMENTS: requirements.txt\n", f"REQUIREMENTS: {json.dumps(found.requirements)}\n"
    )


def _next(found: Found, fallen: str) -> Iterator[str]:
    yield ""
    if fallen:
        yield f"The backend does not get past “{fallen}”: what is said above has to be mended before requests are judged."
    yield f"Next: coursegate run {found.binding.options}"
    yield "Then commit what was written, and set the repository variable COURSEGATE_REPOSITORY to where the gate is."


def _prefix(binding: Binding) -> str:
    """What the project's URLconf puts before the URLs of the audited app; the contract's own where it does not say."""
    urls = binding.path.joinpath(*binding.settings.split(".")[:1], "urls.py")
    try:
        tree = ast.parse(urls.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return PREFIX
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"path", "re_path"}:
            match node.args:
                case [
                    ast.Constant(value=str(route)),
                    ast.Call(args=[ast.Constant(value=str(module)), *_]),
                ] if module.split(".")[0] == "courses":
                    return f"/{route.strip('^/')}/"
    return PREFIX
