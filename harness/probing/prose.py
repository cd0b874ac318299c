"""What a target says of itself in words: its documents, and what its code says beside what it does."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

DOCUMENTS = frozenset({".md", ".rst", ".txt"})
# What stands beside the backend in its repository: read where it is about releases or the whole.
ABOUT_THE_WHOLE = ("readme", "change", "history", "news", "release", "upgrad", "migrat", "deprecat")
_NOT_ITS_OWN = frozenset({"site-packages", "node_modules", ".venv", "venv", ".git", "__pycache__"})
MOST_TEXT = 1_000_000
_NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def documents_of(root: Path) -> Iterator[str]:
    """The text of each document of a target, and of those above it in its repository that are about the whole."""
    for folder, inner, files in os.walk(root):
        inner[:] = sorted(set(inner) - _NOT_ITS_OWN)
        yield from (_text(Path(folder, name)) for name in sorted(files) if Path(name).suffix in DOCUMENTS)
    for folder_above in _above(root.resolve()):
        for path in sorted(folder_above.iterdir()):
            if path.suffix in DOCUMENTS and path.name.lower().startswith(ABOUT_THE_WHOLE):
                yield _text(path)


def _above(root: Path) -> list[Path]:
    """The folders above a target up to that of its repository; none where it is in none, or is one."""
    above = [root, *root.parents]
    own = next((number for number, folder in enumerate(above) if (folder / ".git").exists()), 0)
    return above[1 : own + 1]


def remarks_of(tree: ast.Module, source: str) -> Iterator[str]:
    """Each docstring of a file with the name of what it is about, and each block of comments with the line after it."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, *_NAMED)) and (said := ast.get_docstring(node)):
            yield f"{node.name}: {said}" if isinstance(node, _NAMED) else said
    block: list[str] = []
    for line in source.splitlines():
        is_comment = line.lstrip().startswith("#")
        if is_comment or block:
            block.append(line)
        if block and not is_comment and not line.lstrip().startswith("@"):
            yield "\n".join(block)
            block = []


def _text(path: Path) -> str:
    """The text of a file; of what is too large for a document, the beginning."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        return stream.read(MOST_TEXT)
