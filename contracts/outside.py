"""Routes that stand outside the judgement, and why (`outside.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from coursegate.contracts.reading import Entry, read


@dataclass(frozen=True)
class Outside:
    """Paths that no operation of the contract need describe.

    Attributes:
        pattern: a path; `*` stands for anything, slashes included.
    """

    pattern: str
    reason: str

    def covers(self, path: str) -> bool:
        return fnmatchcase(path, self.pattern)


def load_outside(path: Path) -> tuple[Outside, ...]:
    """Read `outside.yaml`.

    Raises:
        ContractError: an entry without a reason, a pattern that is no path, or one that stands twice.
    """
    routes = read(path).mapping(required={"routes"}, optional=set())["routes"]
    return tuple(_outside(pattern, entry) for pattern, entry in routes.items())


def _outside(pattern: str, entry: Entry) -> Outside:
    if not pattern.startswith("/"):
        raise entry.error(f"{pattern!r} is no path: it does not begin with a slash")
    if not entry.text().strip():
        raise entry.error(f"{pattern} gives no reason")
    return Outside(pattern, entry.text())
