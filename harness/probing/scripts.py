"""Shell scripts as the commands that they run, and whether anybody notices that one of them fails."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_BETWEEN = frozenset({";", "&&", "||", "|"})
# What stands around commands in a script, and is none.
_AROUND = frozenset(
    {"{", "}", "(", ")", "!", "if", "then", "else", "elif", "do", "while", "time", "exec", "env", "sudo"}
)
# What always succeeds, so that nobody learns of the failure before it.
_HARMLESS = frozenset({"true", ":", "echo", "printf"})
# Who runs the program that is named behind it.
_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "rye", "pipx", "hatch"})
# Who runs it elsewhere: its own options and the place stand before the program.
_CARRIERS = frozenset({"docker", "docker-compose", "podman", "conda", "micromamba", "xargs"})


@dataclass(frozen=True)
class Command:
    """A command of a script.

    Attributes:
        words: the command with its arguments; variables that are set for it alone stand in front.
        variables: those that are set around it.
        noticed: whether its failure is one of the whole.
    """

    words: tuple[str, ...]
    variables: Mapping[str, str]
    noticed: bool = True

    @property
    def program(self) -> tuple[str, ...]:
        """What is run in the end, its name without a folder first: `ruff check` of `poetry run ruff check`."""
        return program_of(self.words)

    @property
    def settings(self) -> dict[str, str]:
        """The variables that it runs with, its own in front of it too."""
        return {**self.variables, **assigned(self.words)}


def commands_of(
    script: str, variables: Mapping[str, str] | None = None, *, noticed: bool = True
) -> Iterator[Command]:
    """The commands of a script in order; what it exports is set for those that follow."""
    known = dict(variables or {})
    text = re.sub(r"\\\n|(?<=&&)[ \t]*\n|(?<=\|\|)[ \t]*\n", " ", script)
    for line in text.splitlines():
        parts = _parts(line)
        for number, words in enumerate(parts):
            if words[0] in _BETWEEN:
                continue
            if words[0] == "export":
                known |= assigned(words[1:], everywhere=True)
            yield Command(tuple(words), dict(known), noticed and not _is_swallowed(parts[number + 1 :]))


def _parts(line: str) -> list[list[str]]:
    """The commands of a line in words, and between them what connects them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word in _BETWEEN:
                found += [[word], []]
            elif word not in _AROUND or found[-1]:
                found[-1].append(word)
    except ValueError:  # a quotation over several lines is no command that is looked for here
        return []
    return [words for words in found if words]


def _is_swallowed(following: Sequence[Sequence[str]]) -> bool:
    """Whether what stands behind a command on its line succeeds for certain where it fails."""
    for number, words in enumerate(following):
        if words[0] == ";":
            return False
        if words[0] == "||":
            instead = [part for part in following[number + 1 :] if part[0] not in _BETWEEN]
            return bool(instead) and all(_is_harmless(part) for part in instead)
    return False


def _is_harmless(words: Sequence[str]) -> bool:
    return words[0] in _HARMLESS or tuple(words[:2]) in {("exit", "0"), ("return", "0")}


def assigned(words: Sequence[str], *, everywhere: bool = False) -> dict[str, str]:
    """The variables that are set in front of a command, or anywhere among its words."""
    found: dict[str, str] = {}
    for word in words:
        match = _ASSIGNED.fullmatch(word)
        if match:
            found[match[1]] = match[2]
        elif not everywhere and word not in _AROUND:
            break
    return found


def told_to_the_runner(commands: Sequence[Command]) -> dict[str, str]:
    """The variables that a step of GitHub or CircleCI sets for the steps after it: `echo NAME=value >> $GITHUB_ENV`."""
    found: dict[str, str] = {}
    for command in commands:
        if command.words[-1:] and command.words[-1].strip("${}") in {"GITHUB_ENV", "BASH_ENV"}:
            words = [part for word in command.words[1:-1] for part in word.split()]
            found |= assigned(words, everywhere=True)
    return found


def program_of(words: Sequence[str]) -> tuple[str, ...]:
    """The program that a command runs in the end, and its arguments."""
    left = list(words)
    while left and (_ASSIGNED.fullmatch(left[0]) or left[0] in _AROUND):
        left.pop(0)
    if not left:
        return ()
    name = PurePath(left[0]).name
    if name in _CARRIERS and ("run" in left or "exec" in left or name == "xargs"):
        # Where the options of a carrier end is its own affair: what is asked for is looked for behind it.
        return ("", *(PurePath(word).name for word in left[1:]))
    if name in _RUNNERS and "run" in left[1:3]:
        return program_of(_without_options(left[left.index("run") + 1 :]))
    if name == "uvx":
        return program_of(_without_options(left[1:]))
    if name.startswith("python") and "-m" in left:
        return program_of(left[left.index("-m") + 1 :])
    return (name, *left[1:])


def _without_options(words: list[str]) -> list[str]:
    while words and words[0].startswith("-"):
        words = words[1:]
    return words
