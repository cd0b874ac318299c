"""What a project tells pytest, wherever it keeps that: in the order in which pytest looks for it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from configparser import Error as Malformed
from itertools import pairwise
from pathlib import Path

from coursegate.harness.probing.folders import roots_of

# In the order of pytest, with the section that is meant for it.
FILES = {
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pyproject.toml": "",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}


def said_to_pytest(checkout: Path, option: str, runs: Sequence[Sequence[str]] = ()) -> str:
    """What the project says for an option, a value a line or between spaces; "" where it says nothing.

    Args:
        checkout: the folder of manage.py; what stands above it, up to where the repository begins, counts as well.
        runs: the words of commands that run the tests: a file that one of them names with `-c` comes first.
    """
    return next(filter(None, (_said_in(file, option) for file in _files(checkout, runs))), "")


def _files(checkout: Path, runs: Sequence[Sequence[str]]) -> Iterator[Path]:
    folders = roots_of(checkout)
    named = (
        after for words in runs for word, after in pairwise([*words, ""]) if word in {"-c", "--config-file"}
    )
    for name in named:
        yield from (folder / name for folder in folders)
    for folder in folders:
        yield from (folder / name for name in FILES)


def _said_in(file: Path, option: str) -> str:
    if not file.is_file():
        return ""
    if file.suffix == ".toml":
        return _said_in_toml(file, option)
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
    except Malformed:
        return ""
    section = FILES.get(file.name, "pytest")
    return parser.get(section, option, fallback="")


def _said_in_toml(file: Path, option: str) -> str:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("pytest", {})
    except tomllib.TOMLDecodeError:
        return ""
    said = told.get("ini_options", told).get(option, "")
    return said if isinstance(said, str) else "\n".join(map(str, said))
