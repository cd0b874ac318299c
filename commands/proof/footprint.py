"""What of the reference backend had a part in its tables and the world in them: nothing else can change those."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from coursegate.harness.targets.tracing import tracing_by

# A module is imported by calling its code, which goes by this name.
MODULE = "<module>"


@dataclass
class Footprint:
    """Code of a backend, while it was watched.

    Attributes:
        called: its functions that were called: file, as it is called from its folder, and qualified name.
    """

    called: set[tuple[str, str]] = field(default_factory=set)

    def is_spared_by(self, files: Iterable[str], before: Path, after: Path) -> bool:
        """Whether what was changed in these files had no part in it.

        A file that was not imported has none, nor has the body of a function that nobody called: what was done comes up to
        no line that differs. All that runs as a module is imported has one, and so may have a new module, as it can
        stand in the way of another.

        Args:
            files: as they are called from the folders of both.
            before: the folder of the backend that was watched.
            after: the folder of the changed one.
        """
        return all(self._is_spared(name, before / name, after / name) for name in files)

    def _is_spared(self, name: str, before: Path, after: Path) -> bool:
        if not before.exists():
            return after.suffix != ".py"
        if (name, MODULE) not in self.called:
            return True
        return after.exists() and self._outline(name, before) == self._outline(name, after)

    def _outline(self, name: str, file: Path) -> str:
        """A module without the bodies of the functions that nobody called; "" where it does not parse."""
        try:
            tree = ast.parse(file.read_bytes())
        except SyntaxError:
            return ""
        self._cut(tree, name, "")
        return ast.dump(tree)

    def _cut(self, node: ast.AST, name: str, place: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                self._cut(child, name, f"{place}{child.name}.")
            elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._cut(child, name, place)
            elif (name, f"{place}{child.name}") in self.called:
                self._cut(child, name, f"{place}{child.name}.<locals>.")
            else:
                child.body = [ast.Pass()]


@contextmanager
def watched(backend: Path) -> Iterator[Footprint]:
    """A block that notes what of a backend is called in it, by this thread."""
    found, within = Footprint(), f"{backend}/"

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(within):
            found.called.add((code.co_filename.removeprefix(within), code.co_qualname))

    with tracing_by(note):
        yield found
