"""The mutants of a module, each as a patch of the reference backend."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterator
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
        patch: as `git diff` would write it, from the root of the repository.
    """

    id: str
    file: str
    patch: str


def mutants_of(backend: Path, file: str) -> list[Mutant]:
    """Every mutant of a module of the backend, in the order of its lines; two that read the same are numbered."""
    source = (backend / file).read_text(encoding="utf-8")
    tree = ast.parse(source)
    unchanged = ast.dump(tree)
    seen: Counter[str] = Counter()
    found = []
    for place, node, text in _changes(tree, source):
        before = ast.get_source_segment(source, node) or ""
        mutated = _replaced(source, node, text)
        if _shape(mutated) in {"", unchanged}:
            continue
        name = f"{file}::{place}: {_short(before)} -> {_short(text)}"
        seen[name] += 1
        name += f" (#{seen[name]})" if seen[name] > 1 else ""
        found.append(Mutant(name, file, _diff(file, source, mutated)))
    return found


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


def _replaced(source: str, node: ast.AST, text: str) -> str:
    assert isinstance(node, (ast.expr, ast.stmt))
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    lines = source.splitlines(keepends=True)
    # Offsets of a syntax tree count bytes.
    head = "".join(lines[: node.lineno - 1]) + lines[node.lineno - 1].encode()[: node.col_offset].decode()
    tail = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode() + "".join(
        lines[node.end_lineno :]
    )
    return head + text + tail


def _shape(source: str) -> str:
    """What a source says, however it is laid out; "" where it says nothing that parses."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return ""


def _diff(file: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/backend/{file}",
        f"b/backend/{file}",
    )
    return f"diff --git a/backend/{file} b/backend/{file}\n{''.join(lines)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
