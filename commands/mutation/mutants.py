"""The mutants of a module, and what makes patches of the reference backend of them."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursegate.commands.mutation.operators import declared_less, guards_off, replacements

# A condition longer than this is told by its beginning.
_SHOWN = 70


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Attributes:
        id: made of file, function and the change; the same as long as these lines are.
        start, end: the characters of the file that are replaced, by `text`.
    """

    id: str
    file: str
    start: int
    end: int
    text: str

    @property
    def place(self) -> str:
        """The file and the function."""
        return self.id.partition(": ")[0]


def mutants_of(backend: Path, file: str) -> list[Mutant]:
    """Every mutant of a module of the backend, in the order of its lines; two that read the same are numbered."""
    source = (backend / file).read_text(encoding="utf-8")
    tree = ast.parse(source)
    unchanged = ast.dump(tree)
    seen: Counter[str] = Counter()
    found = []
    for place, node, text in _changes(tree, source):
        start, end = _span(source, node)
        if _shape(source[:start] + text + source[end:]) in {"", unchanged}:
            continue
        name = f"{file}::{place}: {_short(source[start:end])} -> {_short(text)}"
        seen[name] += 1
        name += f" (#{seen[name]})" if seen[name] > 1 else ""
        found.append(Mutant(name, file, start, end, text))
    return found


def patch_of(backend: Path, mutants: Iterable[Mutant]) -> str:
    """One patch that makes all of these mistakes, as `git diff` would write it, from the root of the repository.

    Raises:
        ValueError: two of them are about the same characters.
    """
    by_file: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        by_file.setdefault(mutant.file, []).append(mutant)
    return "".join(
        _diff(file, (backend / file).read_text(encoding="utf-8"), made) for file, made in by_file.items()
    )


def _changes(tree: ast.Module, source: str) -> Iterator[tuple[str, ast.AST, str]]:
    """(where, what is replaced, by what)."""
    for place, node in _places(tree, ""):
        for text in replacements(node, source):
            yield place, node, text
        for value, text in guards_off(node):
            yield place, value, text
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                for value, text in declared_less(statement, source):
                    yield place, value, text


def _places(node: ast.AST, place: str) -> Iterator[tuple[str, ast.AST]]:
    for child in _what_runs(node):
        inner = place
        if isinstance(child, (ast.ClassDef, ast.FunctionDef)):
            inner = f"{place}.{child.name}".lstrip(".")
        yield inner, child
        yield from _places(child, inner)


def _what_runs(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node but for annotations: a mistake in a type decides nothing."""
    types = getattr(node, "annotation", None), getattr(node, "returns", None)
    return (child for child in ast.iter_child_nodes(node) if child not in types)


def _span(source: str, node: ast.AST) -> tuple[int, int]:
    """Where a node begins and ends, in characters of its source."""
    assert isinstance(node, (ast.expr, ast.stmt))
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    lines = source.splitlines(keepends=True)

    def position(line: int, column: int) -> int:
        # Offsets of a syntax tree count bytes.
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    return position(node.lineno, node.col_offset), position(node.end_lineno, node.end_col_offset)


def _shape(source: str) -> str:
    """What a source says, however it is laid out; "" where it says nothing that parses."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return ""


def _diff(file: str, source: str, mutants: Iterable[Mutant]) -> str:
    mutated, untouched = source, len(source)
    for mutant in sorted(mutants, key=lambda mutant: -mutant.start):
        if mutant.end > untouched:
            raise ValueError(f"{mutant.id} overlaps another mutant")
        untouched = mutant.start
        mutated = mutated[: mutant.start] + mutant.text + mutated[mutant.end :]
    lines = difflib.unified_diff(
        source.splitlines(keepends=True),
        mutated.splitlines(keepends=True),
        f"a/backend/{file}",
        f"b/backend/{file}",
    )
    return f"diff --git a/backend/{file} b/backend/{file}\n{''.join(lines)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
