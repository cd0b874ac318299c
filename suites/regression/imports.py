"""`courses/**`: every module compiles, imports what it uses, uses what it imports, and loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePath

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.starting import LOADS, started

# What re-exports the names of others imports what it does not use itself.
PACKAGE = "__init__.py"


def _complaints(on: Probe, *kinds: str) -> list[str]:
    """What pyflakes says of these kinds, `file:line: text`, of every file of the app."""
    found = on.once("pyflakes", lambda: dict(_looked_through(on)))
    return [text for kind in kinds for text in found.get(kind, [])]


def _looked_through(on: Probe) -> Iterator[tuple[str, list[str]]]:
    from pyflakes.checker import Checker
    from pyflakes.messages import UnusedImport

    found: dict[str, list[str]] = {}
    for file in on.files("courses"):
        source = (on.checkout.path / file).read_bytes()
        lines = source.decode("utf-8", "replace").splitlines()
        exported = set(_exported_by_name(on.tree(file)))
        for message in Checker(on.tree(file), filename=file).messages:
            is_exported = isinstance(message, UnusedImport) and str(message.message_args[0]) in exported
            if not is_exported and not _is_excused(lines, message.lineno):
                text = f"{file}:{message.lineno}: {message.message % message.message_args}"
                found.setdefault(type(message).__name__, []).append(text)
    yield from found.items()


def _exported_by_name(tree: ast.AST) -> Iterator[str]:
    """What is imported under the name that it has, `import x as x`: the usual sign that it is meant for others (PEP 484)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                if alias.asname == alias.name:
                    yield f"{module}{'' if module.endswith('.') or not module else '.'}{alias.name}"


def _is_excused(lines: list[str], number: int) -> bool:
    """Whether the team has written beside a line, by a code, that it is meant to be so."""
    return number <= len(lines) and "# noqa: F" in lines[number - 1]


@finding("ARCH-07", needs="source")
def every_file_compiles(on: Probe) -> None:
    """Every file of the app is Python."""
    files = on.files("courses")
    assert files, "the app has no files"

    broken = []
    for file in files:
        try:
            compile((on.checkout.path / file).read_bytes(), file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as problem:
            broken.append(f"{file}: {problem}")
    assert not broken, "; ".join(broken)


@finding("ARCH-07", needs="source")
def imports_are_used(on: Probe) -> None:
    """What a module imports it uses, or exports."""
    found = _complaints(on, "UnusedImport")
    unused = [text for text in found if PurePath(text.split(":")[0]).name != PACKAGE]

    assert not unused, "; ".join(unused)


@finding("ARCH-07", needs="source")
def names_are_defined(on: Probe) -> None:
    """What a module uses or exports is defined or imported there."""
    undefined = _complaints(on, "UndefinedName", "UndefinedExport", "UndefinedLocal")

    assert not undefined, "; ".join(undefined)


@finding("ARCH-07", needs="source")
def nothing_is_defined_twice(on: Probe) -> None:
    """No name is defined a second time before it was used once."""
    twice = _complaints(on, "RedefinedWhileUnused")

    assert not twice, "; ".join(twice)


@finding("ARCH-07", needs="source")
def every_module_loads(on: Probe) -> None:
    """Every module of the app can be imported once the backend has started."""
    assert on.files("courses"), "the app has no files"

    assert started(on, LOADS)["unloadable"] == {}
