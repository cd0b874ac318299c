"""The source of a target as syntax trees: for what only the source shows, and never by searching text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath

from coursegate.harness.probing.missing import Missing

_ASIDE = frozenset({"tests", "migrations", "__pycache__"})
_NOT_ITS_OWN = frozenset({"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".git"})
# What pytest and Django take for tests by default.
TESTS = ("test_*.py", "*_test.py", "tests.py")


def is_of_tests(name: str) -> bool:
    """Whether a module of this name, without its package, is there for tests alone."""
    return name == "conftest" or any(fnmatch(f"{name}.py", pattern) for pattern in TESTS)


def tree_of(root: Path, file: str) -> ast.Module:
    """The syntax tree of one file, named from the target's folder.

    Raises:
        Missing: there is no such file, or it does not parse.
    """
    path = root / file
    if not path.is_file():
        raise Missing(f"there is no file {file}")
    try:
        return ast.parse(path.read_bytes(), filename=file)
    except (SyntaxError, ValueError) as problem:
        raise Missing(f"{file} does not parse: {problem}") from None


def modules_below(root: Path, folder: str) -> list[str]:
    """The Python files of a folder of the target, its tests and migrations left out, in a fixed order."""
    found = (path.relative_to(root) for path in (root / folder).rglob("*.py"))
    return sorted(str(path) for path in found if not _ASIDE & set(path.parts) and not is_of_tests(path.stem))


def every_module_below(root: Path, folder: str) -> list[str]:
    """The Python files of a folder of the target, its tests and migrations too, in a fixed order."""
    found = (path.relative_to(root) for path in (root / folder).rglob("*.py"))
    return sorted(str(path) for path in found if not _NOT_ITS_OWN & set(path.parts))


def modules_called(root: Path, called: Sequence[str]) -> dict[str, ast.Module]:
    """The target's own modules whose files are called by one of these patterns, by their path, in a fixed order.

    Raises:
        Missing: one of them does not parse.
    """
    files = (path.relative_to(root) for path in root.rglob("*.py"))
    own = (path for path in files if not _NOT_ITS_OWN & set(path.parts))
    named = sorted(str(path) for path in own if any(fnmatch(path.name, name) for name in called))
    return {file: tree_of(root, file) for file in named}


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a tree, however deep."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def imported_when_loaded(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """What loading a module imports: (module, level of a relative import, name); what TYPE_CHECKING guards is not."""
    for node in _run_when_loaded(tree.body):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", node.level, alias.name) for alias in node.names)


def imported_from(file: str, module: str, level: int) -> str:
    """The full name of the module that an import in a file of the target speaks of."""
    if not level:
        return module
    package = PurePath(file).parts[:-level]
    return ".".join([*package, *filter(None, [module])])


def _run_when_loaded(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _run_when_loaded(node.orelse)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        else:
            yield node
            for inner in ("body", "orelse", "finalbody"):
                yield from _run_when_loaded(getattr(node, inner, []))
            for handler in getattr(node, "handlers", []):
                yield from _run_when_loaded(handler.body)
