"""The commands that a project gives a name to: environments of tox, sessions of nox, scripts of hatch and pdm."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as IniError
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Any

from coursegate.harness.probing.scripts import Command, commands_of

# `{posargs:tests}` is what stands behind the colon where nothing is given.
_GIVEN = re.compile(r"\{posargs:?([^}]*)\}")
WITH_SCRIPTS = frozenset({"hatch", "pdm"})
_ENVIRONMENT = frozenset({"-e", "--env"})
_SESSION = frozenset({"-s", "--session", "--sessions", "-e"})


def by_tox(command: Command, arguments: Sequence[str], roots: Sequence[Path]) -> Iterator[Command]:
    """What the environments run that are asked for, or those that tox runs of its own accord."""
    for root in roots:
        if found := _Environments.of(root):
            yield from found.commands(_asked(arguments, _ENVIRONMENT), command)
            return


class _Environments:
    """The environments of a project: name -> commands and variables; the one called "" is the base of the others."""

    def __init__(self, listed: Sequence[str], environments: Mapping[str, Mapping[str, Any]]) -> None:
        self.listed, self.environments = listed, environments

    @classmethod
    def of(cls, root: Path) -> _Environments | None:
        """Those of tox.ini, setup.cfg or pyproject.toml; None where none of them holds any."""
        project = _project(root).get("tool", {}).get("tox", {})
        if "env_run_base" in project or "env" in project:
            base = project.get("env_run_base", {})
            return cls(project.get("env_list", []), {"": base, **project.get("env", {})})
        ini = ConfigParser(interpolation=None)
        try:
            ini.read([root / "setup.cfg", root / "tox.ini"], encoding="utf-8")
            ini.read_string(str(project.get("legacy_tox_ini", "")))
        except (IniError, UnicodeDecodeError):
            return None
        found = {
            name.partition(":")[2]: dict(ini[name])
            for name in ini.sections()
            if name.split(":")[0] == "testenv"
        }
        top = next((dict(ini[name]) for name in ("tox", "tox:tox") if name in ini), {})
        listed = re.split(r"[,\s]+", top.get("env_list", top.get("envlist", "")))
        return cls([name for name in listed if name], found) if found else None

    def commands(self, asked: Sequence[str], by: Command) -> Iterator[Command]:
        for name in asked or self.listed or [""]:
            base, own = self.environments.get("", {}), self.environments.get(name, {})
            told = {**base, **own}
            variables = {**by.settings, **_variables(told.get("set_env", told.get("setenv", "")))}
            for line in _lines(told.get("commands", "")):
                bare = line.lstrip("- ")
                noticed = by.noticed and not line.startswith("-") and not _is_on(told.get("ignore_outcome"))
                yield from commands_of(_GIVEN.sub(r"\1", bare), variables, noticed=noticed)


def by_nox(command: Command, arguments: Sequence[str], roots: Sequence[Path]) -> Iterator[Command]:
    """What the sessions run that are asked for, or all of them; of each, the calls whose words are written out."""
    file = next((path for root in roots if (path := root / "noxfile.py").is_file()), None)
    try:
        tree = ast.parse(file.read_bytes()) if file else ast.Module([], [])
    except (SyntaxError, ValueError):
        return
    asked = _asked(arguments, _SESSION)
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        if not any("session" in ast.unparse(decorator) for decorator in function.decorator_list):
            continue
        if asked and function.name not in asked:
            continue
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if ast.unparse(call.func).rpartition(".")[2] in {"run", "run_always"}:
                yield Command(_words(call), {**command.settings, **_set_in(call)}, command.noticed)


def by_script(command: Command, roots: Sequence[Path]) -> Iterator[Command]:
    """What stands for a name behind `hatch run` or `pdm run`."""
    tool = next((name for word in command.words if (name := PurePath(word).name) in WITH_SCRIPTS), "")
    environment, _, name = command.program[0].rpartition(":")
    for root in roots if tool else ():
        told = _project(root).get("tool", {}).get(tool, {})
        held = told.get("envs", {}).get(environment or "default", told)
        said = held.get("scripts", {}).get(name)
        variables = {**command.settings, **_variables(held.get("env-vars", {}))}
        said = said.get("cmd", said.get("shell", "")) if isinstance(said, dict) else said
        for line in _lines(said or ""):
            yield from commands_of(line, variables, noticed=command.noticed)


def _asked(arguments: Sequence[str], options: Iterable[str]) -> list[str]:
    """The names behind an option: `-e a,b`, `-e a -e b` or `--env=a`."""
    named = [after for word, after in pairwise(arguments) if word in options]
    named += [
        word.partition("=")[2] for word in arguments if word.partition("=")[0] in options and "=" in word
    ]
    return [name for names in named for name in names.split(",") if name]


def _project(root: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((root / "pyproject.toml").read_text("utf-8", "replace"))
    except (OSError, tomllib.TOMLDecodeError):
        return {}


def _lines(said: Any) -> list[str]:
    """Commands as lines: of an INI file a text of many, of TOML a list of texts, or of lists of words."""
    if isinstance(said, str):
        return [line.strip() for line in said.replace("\\\n", " ").splitlines() if line.strip()]
    return [shlex.join(map(str, line)) if isinstance(line, list) else str(line) for line in said]


def _variables(said: Any) -> dict[str, str]:
    if isinstance(said, dict):
        return {str(name): str(value) for name, value in said.items()}
    pairs = (line.partition("=") for line in _lines(said))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _is_on(said: Any) -> bool:
    return str(said).lower() in {"true", "1", "yes"}


def _words(call: ast.Call) -> tuple[str, ...]:
    constants = (word.value for word in call.args if isinstance(word, ast.Constant))
    return tuple(value for value in constants if isinstance(value, str))


def _set_in(call: ast.Call) -> dict[str, str]:
    """The variables of `session.run(..., env={...})`, as far as they are written out."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "env"), None)
    try:
        return _variables(ast.literal_eval(given)) if given is not None else {}
    except ValueError:
        return {}
