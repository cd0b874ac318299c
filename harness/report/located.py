"""Where in the target's own files a verdict belongs: what somebody opens to mend it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.inventory import inventory
from coursegate.harness.report.gate_json import Result, git
from coursegate.harness.report.promises import Promise
from coursegate.harness.targets.binding import Binding

# A place as messages name it: `courses/views/public.py:41`.
_PLACE = re.compile(r"(?P<file>[\w./-]+\.py):(?P<line>\d+)")
_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Spot:
    """A place in a file; `uri` is relative to the top of the repository, `line` counts from 1."""

    uri: str
    line: int = 1


class Files:
    """The files of a target, as far as they can be seen.

    Of a deployment nothing can: its spots are the files that the audit names, wherever they are.
    """

    def __init__(self, result: Result, contract: Contract) -> None:
        self.root = result.binding.path if isinstance(result.binding, Binding) else None
        self.top = Path(git(self.root, "rev-parse", "--show-toplevel") or self.root) if self.root else None
        lines = inventory(contract, result.preflight).values()
        self.views: Mapping[str, str] = {
            line.operation.id: line.route.view for line in lines if line.operation and line.route
        }

    def spots(self, cell: Mapping[str, Any], promises: Sequence[Promise]) -> list[Spot]:
        """Where to look for one check, the likeliest first; at least one.

        A line that its reason names, then the view that answers, if a finding names its file, then the files of the
        findings, then the view.
        """
        named = [file for promise in promises if promise.finding for file in promise.finding.files]
        said = list(self.named_in(cell["reason"]))
        files = [spot for file in named for spot in self._file(file)]
        view = self._view(cell["operation"])
        near = [spot for spot in view if spot.uri in {other.uri for other in files}]
        by_file: dict[str, Spot] = {}
        for spot in [*said, *near, *files, *view]:
            by_file.setdefault(spot.uri, spot)
        return list(by_file.values()) or [self.manage]

    @property
    def manage(self) -> Spot:
        """Where to look when nobody names a place."""
        return Spot(self._uri("manage.py"))

    def named_in(self, text: str) -> Iterator[Spot]:
        """The lines of the target's own files that a text names."""
        for match in _PLACE.finditer(text):
            found = self.root / match["file"] if self.root else None
            # A text may name any file, one of the gate's own among them, by its whole path.
            if (
                self.root
                and found
                and found.is_relative_to(self.root)
                and found.is_file()
                and ".." not in found.parts
            ):
                yield Spot(self._uri(str(found.relative_to(self.root))), max(1, int(match["line"])))

    def _file(self, name: str) -> list[Spot]:
        if self.root is None:
            return [] if _PATTERN.search(name) else [Spot(name)]
        # The app may stand in a folder of its own below manage.py.
        for pattern in (name, f"*/{name}"):
            if found := next(iter(sorted(self.root.glob(pattern))), None):
                return [Spot(self._uri(str(found.relative_to(self.root))))] if found.is_file() else []
        return []

    def _view(self, operation: str) -> list[Spot]:
        module, _, name = self.views.get(operation, "").rpartition(".")
        if self.root is None or not module:
            return []
        path = self.root.joinpath(*module.split(".")).with_suffix(".py")
        if not path.is_file():
            return []
        return [Spot(self._uri(str(path.relative_to(self.root))), _line_of(path, name))]

    def _uri(self, relative: str) -> str:
        if self.root is None or self.top is None or not self.root.is_relative_to(self.top):
            return relative
        return (self.root / relative).relative_to(self.top).as_posix()


@cache
def _line_of(path: Path, name: str) -> int:
    """The line on which a module defines a class or function; 1 where it does not, or is no Python."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return 1
    defined = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return next((node.lineno for node in tree.body if isinstance(node, defined) and node.name == name), 1)
