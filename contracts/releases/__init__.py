"""What a release of the gate asks (`0.1.txt`): a set of checks that later versions can still be held to.

One check a line, by its id; where it is a cell of the access table, a tab and what it allows: `locked|teaser`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coursegate.contracts.reading import ContractError

FOLDER = Path(__file__).parent
NUMBER = re.compile(r"\d+\.\d+")
MOST_NAMED = 3


@dataclass(frozen=True)
class Release:
    """The checks of a release; each with the outcomes it allows, none where it is no cell."""

    name: str
    checks: Mapping[str, frozenset[str]]

    def newer(self, declared: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """Which of the checks of today it does not ask."""
        return frozenset(declared.keys() - self.checks.keys())

    def broken(self, declared: Mapping[str, frozenset[str]]) -> list[str]:
        """Which of its checks are gone, or are cells that no longer allow what they did: what only a major version does."""
        return sorted(
            name
            for name, allowed in self.checks.items()
            if name not in declared or not allowed <= declared[name]
        )

    def check(self, declared: Mapping[str, frozenset[str]]) -> None:
        """Hold it against the checks of today.

        Raises:
            ContractError: some of its checks cannot be asked any more.
        """
        if gone := self.broken(declared):
            named = ", ".join(gone[:MOST_NAMED]) + ", …" * (len(gone) > MOST_NAMED)
            raise ContractError(
                _path(self.name),
                0,
                f"this version of the gate no longer asks {len(gone)} of its {len(self.checks)} checks as it did "
                f"({named}): install coursegate {self.name}, or name a later release",
            )


def releases() -> tuple[str, ...]:
    """The releases whose sets are known, in their order."""
    return tuple(sorted((path.stem for path in FOLDER.glob("*.txt")), key=_order))


def load_release(name: str) -> Release:
    """Read the set of a release.

    Raises:
        ContractError: there is none of that name.
    """
    if name not in releases():
        raise ContractError(_path(name), 0, f"is no release; there are {', '.join(releases())}")
    lines = _path(name).read_text(encoding="utf-8").splitlines()
    told = (line.partition("\t") for line in lines)
    return Release(name, {check: frozenset(filter(None, allowed.split("|"))) for check, _, allowed in told})


def line(check: str, allowed: frozenset[str]) -> str:
    """A check as a line of such a file."""
    return f"{check}\t{'|'.join(sorted(allowed))}".rstrip("\t")


def _path(name: str) -> Path:
    return FOLDER / f"{name}.txt"


def _order(name: str) -> list[int]:
    return [int(part) for part in name.split(".")]
