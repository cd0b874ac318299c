"""Where a team has written that what a linter says is meant to be so: beside a line, for a file, or in its configuration."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursegate.harness.probing.linting import matches, rules_of

# As ruff and flake8 read them, for a line or for a file, with codes or for all; the codes end where a word is none.
_BESIDE = re.compile(r"#\s*noqa(?P<codes>\s*:\s*[A-Z]+\d*(?:[\s,]+[A-Z]+\d+)*)?", re.IGNORECASE)
_FOR_FILE = re.compile(
    r"#\s*(?:ruff|flake8)\s*:\s*noqa(?P<codes>\s*:\s*[A-Z]+\d*(?:[\s,]+[A-Z]+\d+)*)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Excuses:
    """What is excused in one file.

    Attributes:
        source: its text.
        configured: the rules that the project leaves out for this file.
    """

    source: bytes
    configured: frozenset[str] = frozenset()

    def excuse(self, code: str, lines: Sequence[int]) -> bool:
        """Whether a complaint about these lines is excused."""
        if code in self.configured or any(_names(match, code) for match in self._for_file):
            return True
        return any(_names(self._beside[line], code) for line in lines if line in self._beside)

    @cached_property
    def _comments(self) -> list[tokenize.TokenInfo]:
        found = []
        try:
            for token in tokenize.tokenize(io.BytesIO(self.source).readline):
                if token.type == tokenize.COMMENT:
                    found.append(token)
        except (tokenize.TokenError, SyntaxError):
            pass  # that it does not parse is told elsewhere
        return found

    @cached_property
    def _beside(self) -> dict[int, re.Match[str]]:
        return {token.start[0]: match for token in self._comments if (match := _BESIDE.search(token.string))}

    @cached_property
    def _for_file(self) -> list[re.Match[str]]:
        alone = [token for token in self._comments if not token.line[: token.start[1]].strip()]
        return [match for token in alone if (match := _FOR_FILE.match(token.string))]


def _names(excuse: re.Match[str], code: str) -> bool:
    """Whether an excuse is about a rule: all are meant where it names none."""
    codes = re.findall(r"[A-Z]+\d*", (excuse["codes"] or "").upper())
    return not codes or any(code.startswith(named) for named in codes)


def left_out(root: Path, files: Sequence[str], codes: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """file -> the rules that the project's configuration leaves out there.

    A pattern that is about all files is no exception: it switches the rule off, and excuses nothing.
    """
    found: dict[str, set[str]] = {file: set() for file in files}
    for linter in ("ruff", "flake8"):
        folder, rules = rules_of(root, linter)
        named = {file: (root / file).relative_to(folder).as_posix() for file in files}
        for code in codes:
            for pattern in rules.left_out_by(code):
                excused = [file for file in files if matches(pattern, named[file])]
                if len(excused) < len(files):
                    for file in excused:
                        found[file].add(code)
    return {file: frozenset(left) for file, left in found.items()}
