"""What a command hands on to: a Makefile, the hooks of pre-commit, what the project gives a name to, a script of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from coursegate.harness.probing.project_commands import by_nox, by_script, by_tox
from coursegate.harness.probing.scripts import Command, assigned, commands_of

# How often one hands on to the next before it is given up.
_DEPTH = 4
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_VARIABLE = re.compile(r"(?P<export>export\s+)?(?P<name>[A-Za-z_]\w*)\s*(?:::?:?|\?|\+)?=\s*(?P<value>.*)")
_RULE = re.compile(r"(?P<targets>[^\s#:=][^:=]*):{1,2}(?!=)\s*(?P<needs>[^=;]*)")
_USED = re.compile(r"\$[({](\w+)[)}]")
_HOOKS = ".pre-commit-config.yaml"
# What pre-commit looks at where nothing is staged, as in a pipeline.
_EVERYTHING = frozenset({"-a", "--all-files", "--files", "--from-ref", "--source", "-s"})


def with_what_they_run(
    commands: Iterable[Command], roots: Sequence[Path], depth: int = _DEPTH
) -> Iterator[Command]:
    """Commands, each followed by those that it runs in turn; the folders are where their files may stand."""
    for command in commands:
        yield command
        if depth and command.program:
            yield from with_what_they_run(_handed_on(command, roots), roots, depth - 1)


def _handed_on(command: Command, roots: Sequence[Path]) -> Iterator[Command]:
    name, *arguments = command.program
    if name in {"make", "gmake"}:
        yield from _by_make(command, arguments, roots)
    elif name in {"pre-commit", "pre_commit", "prek"} and arguments[:1] == ["run"]:
        yield from _by_hooks(command, arguments[1:], roots)
    elif name == "tox":
        yield from by_tox(command, arguments, roots)
    elif name == "nox":
        yield from by_nox(command, arguments, roots)
    elif name in {"sh", "bash"} and arguments and " " in arguments[-1]:
        yield from commands_of(arguments[-1], command.settings, noticed=command.noticed)
    else:
        yield from by_script(command, roots)
        # A script's own path, or behind the shell that runs it.
        named = (
            arguments
            if name in {"sh", "bash", "source", "."}
            else [word for word in command.words if "/" in word][:1]
        )
        for path in (word for word in named[:2] if not word.startswith("-")):
            if text := _script(path, roots):
                yield from commands_of(text, command.settings, noticed=command.noticed)


def _script(path: str, roots: Sequence[Path]) -> str:
    """The text of a script of the project; "" where there is none of this name."""
    for root in roots:
        file = (root / path).resolve()
        if file.suffix in {"", ".sh", ".bash"} and file.is_relative_to(root.resolve()) and file.is_file():
            text = file.read_bytes()[:100_000].decode("utf-8", "replace")
            return text if "\0" not in text else ""
    return ""


def _by_make(command: Command, arguments: Sequence[str], roots: Sequence[Path]) -> Iterator[Command]:
    folder = next((after for word, after in pairwise(arguments) if word == "-C"), "")
    given = assigned(arguments, everywhere=True)
    asked = [word for word in arguments if not word.startswith("-") and "=" not in word and word != folder]
    for root in roots:
        file = next((path for name in _MAKEFILES if (path := root / folder / name).is_file()), None)
        if file is None:
            continue
        made = _Makefile(file.read_text("utf-8", "replace"), given)
        found = list(made.commands(asked or made.first, command))
        if found:
            yield from found
            return


class _Makefile:
    """The rules of a Makefile, as far as it is written without functions and conditions."""

    def __init__(self, text: str, given: Mapping[str, str]) -> None:
        self.variables: dict[str, str] = {"MAKE": "make"}
        self.exported: set[str] = set()
        self.recipes: dict[str, list[str]] = {}
        self.needs: dict[str, list[str]] = {}
        targets: list[str] = []
        for line in text.replace("\\\n", " ").splitlines():
            if line.startswith("\t"):
                for target in targets:
                    self.recipes[target].append(line.strip())
            elif variable := _VARIABLE.fullmatch(line.strip()):
                self.variables[variable["name"]] = self._filled(variable["value"])
                self.exported |= {variable["name"]} if variable["export"] else set()
            elif rule := _RULE.match(line):
                targets = self._filled(rule["targets"]).split()
                for target in targets:
                    self.recipes.setdefault(target, [])
                    self.needs.setdefault(target, []).extend(self._filled(rule["needs"]).split())
        self.variables |= given

    @property
    def first(self) -> list[str]:
        return [target for target in self.recipes if not target.startswith(".")][:1]

    def commands(
        self, targets: Sequence[str], by: Command, seen: frozenset[str] = frozenset()
    ) -> Iterator[Command]:
        """What making targets runs, what they need first."""
        around = {**by.settings, **{name: self.variables[name] for name in self.exported}}
        for target in targets:
            if target in seen or target not in self.recipes:
                continue
            yield from self.commands(self.needs[target], by, seen | {target})
            for line in self.recipes[target]:
                bare = line.lstrip("@+-")
                noticed = by.noticed and "-" not in line[: len(line) - len(bare)]
                yield from commands_of(self._filled(bare), around, noticed=noticed)

    def _filled(self, text: str) -> str:
        for _ in range(_DEPTH):
            text = _USED.sub(lambda used: self.variables.get(used[1], ""), text)
        return text.replace("$$", "$")


def _by_hooks(command: Command, arguments: Sequence[str], roots: Sequence[Path]) -> Iterator[Command]:
    if not _EVERYTHING & {word.partition("=")[0] for word in arguments}:
        return
    file = next((path for root in roots if (path := root / _HOOKS).is_file()), None)
    if file is None:
        return
    only = arguments[0] if not arguments[0].startswith("-") else ""
    left_out = command.settings.get("SKIP", "").split(",")
    for hook in _hooks(file):
        stages = hook.get("stages") or ["pre-commit"]
        name = str(hook.get("id", ""))
        if name in left_out or (only and name != only) or not {"pre-commit", "commit"} & set(stages):
            continue
        words = shlex.split(str(hook.get("entry") or _ENTRIES.get(name, name)))
        yield Command((*words, *map(str, hook.get("args") or [])), command.settings, command.noticed)


# What the hooks of ruff run where a project does not say it: both repair, and pre-commit fails for what they have changed.
_ENTRIES = {"ruff": "ruff check", "ruff-check": "ruff check", "ruff-format": "ruff format"}


def _hooks(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        document = yaml.safe_load(file.read_bytes())
    except yaml.YAMLError:
        return
    repositories = document.get("repos") if isinstance(document, dict) else None
    for repository in repositories or []:
        hooks = repository.get("hooks") if isinstance(repository, dict) else None
        yield from (hook for hook in hooks or [] if isinstance(hook, dict))
