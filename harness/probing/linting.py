"""Which rules the linters of a project apply, by how they are called and by what its configuration says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as NoConfiguration
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Any

from coursegate.harness.probing.folders import roots_of

UNUSED_IMPORT = "F401"
LINTERS = ("ruff", "flake8", "pyflakes", "pylint")
# What ruff does besides checking.
_OTHER_WORK = frozenset(
    {"format", "rule", "config", "linter", "clean", "server", "analyze", "version", "help"}
)
_ONLY_TELL = frozenset(
    {"--exit-zero", "--version", "--help", "--show-settings", "--show-files", "--statistics-only"}
)
_PYLINT_NAMES = ("unused-import", "W0611", "W", "all")


@dataclass(frozen=True)
class Rules:
    """What a linter's configuration says.

    Attributes:
        select: the rules that it applies; empty for its usual ones, which hold those of pyflakes.
        ignore: those of them that it leaves out.
        by_file: pattern of files -> the rules that it leaves out there.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    by_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, code: str) -> bool:
        """Whether a rule is applied: the longer prefix decides, and of two that are as long the one that leaves out."""
        chosen = max((len(rule) for rule in self.select or ("F",) if _covers(rule, code)), default=-1)
        left_out = max((len(rule) for rule in self.ignore if _covers(rule, code)), default=-1)
        return chosen > left_out

    def left_out_by(self, code: str) -> list[str]:
        """The patterns of files where a rule is left out."""
        return [
            pattern for pattern, codes in self.by_file.items() if any(_covers(rule, code) for rule in codes)
        ]


def _covers(rule: str, code: str) -> bool:
    return rule == "ALL" or (bool(rule) and code.startswith(rule))


def matches(pattern: str, file: str) -> bool:
    """Whether a pattern of a linter is about a file: it may name the path, its end, the file alone, or a folder."""
    plain = pattern.lstrip("./").replace("**/", "*")
    path = PurePath(file)
    return any(
        fnmatch(name, wanted)
        for name in (file, path.name)
        for wanted in (plain, f"*/{plain}", f"{plain.rstrip('/')}/*", plain.removeprefix("*"))
    )


def rules_of(root: Path, linter: str) -> tuple[Path, Rules]:
    """What a project says to `ruff` or `flake8`, and the folder in which it does; no rules of its own where it says nothing.

    The configuration beside the backend counts, or else that of a folder above it in the same repository.
    """
    for folder in roots_of(root):
        rules = _of_ruff(folder) if linter == "ruff" else _of_flake8(folder)
        if rules is not None:
            return folder, rules
    return root, Rules()


def _of_ruff(root: Path) -> Rules | None:
    for name in (".ruff.toml", "ruff.toml", "pyproject.toml"):
        said = _toml(root / name)
        said = said.get("tool", {}).get("ruff", {}) if name == "pyproject.toml" else said
        if not said:
            continue
        # The options of the checks stood at the top before they had a table of their own.
        options = {**said, **said.get("lint", {})}
        select, ignore = (
            tuple(options.get(kind) or ()) + tuple(options.get(f"extend-{kind}") or ())
            for kind in ("select", "ignore")
        )
        if not options.get("select") and select:
            select = ("E", "F", *select)
        by_file = {**options.get("per-file-ignores", {}), **options.get("extend-per-file-ignores", {})}
        return Rules(select, ignore, {pattern: tuple(codes) for pattern, codes in by_file.items()})
    return None


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _of_flake8(root: Path) -> Rules | None:
    for name in ("setup.cfg", "tox.ini", ".flake8"):
        parser = ConfigParser(interpolation=None)
        try:
            parser.read(root / name)
        except NoConfiguration:
            continue
        if not parser.has_section("flake8"):
            continue
        said = {key.replace("_", "-"): value for key, value in parser.items("flake8")}
        select, extended = _codes(said.get("select", "")), _codes(said.get("extend-select", ""))
        ignore = _codes(said.get("ignore", "")) + _codes(said.get("extend-ignore", ""))
        return Rules(
            select + extended if select else (("E", "F", *extended) if extended else ()),
            ignore,
            dict(_by_file(said.get("per-file-ignores", ""))),
        )
    return None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in re.split(r"[\s,]+", re.sub(r"#.*", "", text)) if code)


def _by_file(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`one.py,two/*: F401, E501`, a line each or several in one."""
    for files, codes in re.findall(r"([^\s:][^:\n]*):\s*((?:[A-Z]+\d*[\s,]*)+)(?=\s|$)", text):
        yield from ((pattern, _codes(codes)) for pattern in re.split(r"[\s,]+", files) if pattern)


def linter_called(program: Sequence[str]) -> tuple[str, ...]:
    """The linter that a program is, and its arguments; () where it is none, or is asked something else."""
    if program[:1] == ("",):  # carried elsewhere
        place = next((number for number, word in enumerate(program) if word in LINTERS), len(program))
        program = program[place:]
    if not program or program[0] not in LINTERS:
        return ()
    first = next((word for word in program[1:] if not word.startswith("-")), "")
    if _ONLY_TELL & set(program) or (program[0] == "ruff" and (first in _OTHER_WORK or "-e" in program)):
        return ()
    return tuple(program)


def tells_unused_imports(linter: Sequence[str], root: Path) -> bool:
    """Whether a linter, called so in a project, fails for an import that nobody uses."""
    name, options = linter[0], _options(linter)
    if name == "pyflakes":
        return True
    if name == "pylint":
        return _pylint_tells(options, {"-E", "--errors-only"} & set(linter) != set())
    rules = Rules() if "--isolated" in linter else rules_of(root, name)[1]
    if "--select" in options:
        rules = Rules(options["--select"])
    elif "--extend-select" in options:
        rules = Rules((*(rules.select or ("E", "F")), *options["--extend-select"]), rules.ignore)
    ignored = options.get("--ignore", ()) + options.get("--extend-ignore", ())
    return Rules(rules.select, (*rules.ignore, *ignored)).holds(UNUSED_IMPORT)


def _pylint_tells(options: Mapping[str, tuple[str, ...]], errors_only: bool) -> bool:
    asked, off = (set(options.get(f"--{kind}", ())) & set(_PYLINT_NAMES) for kind in ("enable", "disable"))
    return bool(asked) or not (off or errors_only)


def _options(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The lists that options are given, after "=" or as the next word."""
    found: dict[str, tuple[str, ...]] = {}
    for word, after in pairwise([*words, ""]):
        if word.startswith("--"):
            option, sign, value = word.partition("=")
            found[option] = found.get(option, ()) + _codes(value if sign else after)
    return found
