"""Reading YAML so that every complaint names a file and a line."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from coursegate.contracts.wrong_question import WrongQuestion


class ContractError(WrongQuestion):
    """A contract file says something it must not.

    Attributes:
        path: the offending file.
        line: its line, from 1; 0 where the file as a whole is meant.
    """

    def __init__(self, path: Path, line: int, message: str) -> None:
        self.path, self.line, self.message = path, line, message
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


@dataclass(frozen=True)
class Entry:
    """One node of a YAML file, still knowing where it stands."""

    path: Path
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def error(self, message: str) -> ContractError:
        return ContractError(self.path, self.line, message)

    def items(self) -> Iterator[tuple[str, Entry]]:
        """The pairs of a mapping; a key that stands twice is refused."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"expected a mapping, found {self.shape}")
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            key = Entry(self.path, key_node).text()
            if key in seen:
                raise Entry(self.path, key_node).error(f"{key!r} stands twice")
            seen.add(key)
            yield key, Entry(self.path, value_node)

    def mapping(
        self, *, required: Set[str] = frozenset(), optional: Set[str] | None = None
    ) -> dict[str, Entry]:
        """The mapping as a dict. Where `optional` is given, any key outside both sets is refused."""
        found = dict(self.items())
        if missing := required - found.keys():
            raise self.error(f"missing {', '.join(sorted(missing))}")
        if optional is not None and (unknown := found.keys() - required - optional):
            first = min(unknown, key=lambda key: found[key].line)
            allowed = ", ".join(sorted(required | optional))
            raise found[first].error(f"unknown key {first!r}; expected one of {allowed}")
        return found

    def sequence(self) -> list[Entry]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(f"expected a list, found {self.shape}")
        return [Entry(self.path, child) for child in self.node.value]

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error(f"expected a word, found {self.shape}")
        return str(self.node.value)

    def texts(self) -> list[str]:
        return [entry.text() for entry in self.sequence()]

    def number(self, *, least: int = 0) -> int:
        value = self.plain()
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.error(f"expected a whole number from {least}, found {self.shape}")
        return value

    def plain(self) -> Any:
        """The node as ordinary Python data (scalars resolved by YAML's own rules)."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: value.plain() for key, value in self.items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [entry.plain() for entry in self.sequence()]
        return _SCALARS.construct_object(self.node)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def shape(self) -> str:
        if self.is_mapping:
            return "a mapping"
        return "a list" if self.is_sequence else f"{self.node.value!r}"


# libyaml's own loader is ten times as fast; PyYAML comes without it where no wheel fits the machine.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# SafeLoader resolves scalars (numbers, booleans, null, dates) exactly as `yaml.safe_load` does.
_SCALARS = yaml.SafeLoader("")


def read(path: Path) -> Entry:
    """The root of a YAML file.

    Raises:
        ContractError: the file is missing, unreadable, empty or not YAML.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ContractError(path, 0, f"cannot be read: {problem}") from None
    try:
        root = yaml.compose(source, Loader=_LOADER)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 0
        raise ContractError(path, line, f"is not YAML: {problem.problem}") from None
    if root is None:
        raise ContractError(path, 0, "is empty")
    return Entry(path, root)
