"""`courses/**`: every module compiles, imports what it uses, uses what it imports, and loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from coursegate.harness.probing.excuses import Excuses, left_out
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.starting import LOADS, started

# What re-exports the names of others imports what it does not use itself.
PACKAGE = "__init__.py"


# What is asked of pyflakes: its word for it, and the rule that linters know it by.
KINDS = {
    "UnusedImport": "F401",
    "RedefinedWhileUnused": "F811",
    "UndefinedName": "F821",
    "UndefinedExport": "F822",
    "UndefinedLocal": "F823",
}


def _complaints(on: Probe, *kinds: str) -> list[str]:
    """What pyflakes says of these kinds, `file:line: text`, of every file of the app."""
    found = on.once("pyflakes", lambda: dict(_looked_through(on)))
    return [text for kind in kinds for text in found.get(kind, [])]


def _looked_through(on: Probe) -> Iterator[tuple[str, list[str]]]:
    from pyflakes.checker import Checker
    from pyflakes.messages import UnusedImport

    found: dict[str, list[str]] = {}
    files = on.every_file("courses")
    below = on.checkout.sources.relative_to(on.checkout.path)
    named = {file: str(below / file) for file in files}
    configured = left_out(on.checkout.path, list(named.values()), tuple(KINDS.values()))
    for file in files:
        tree = on.tree(file)
        excuses = Excuses((on.checkout.sources / file).read_bytes(), configured[named[file]])
        exported = set(_exported_by_name(tree))
        for message in Checker(tree, filename=file).messages:
            kind = type(message).__name__
            is_exported = isinstance(message, UnusedImport) and str(message.message_args[0]) in exported
            if kind not in KINDS or is_exported or excuses.excuse(KINDS[kind], _lines(tree, message)):
                continue
            text = f"{file}:{message.lineno}: {message.message % message.message_args}"
            found.setdefault(kind, []).append(text)
    yield from found.items()


def _lines(tree: ast.AST, message: Any) -> list[int]:
    """The lines beside which a complaint may be excused: its own; of an import over several, the name's and both ends."""
    found = [message.lineno]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno == message.lineno:
            found += [node.end_lineno or node.lineno]
            found += [alias.lineno for alias in node.names if _is_about(message, node, alias)]
    return found


def _is_about(message: Any, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
    """Whether a complaint is about one name of an import: it tells it as it is written, `package.name as other`."""
    told = str(message.message_args[0])
    name = alias.asname or alias.name
    return told in {name, alias.name, _dotted(node, alias)} or told == f"{_dotted(node, alias)} as {name}"


def _exported_by_name(tree: ast.AST) -> Iterator[str]:
    """What is imported under the name that it has, `import x as x`: the usual sign that it is meant for others (PEP 484)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (_dotted(node, alias) for alias in node.names if alias.asname == alias.name)


def _dotted(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    module = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
    return f"{module}{'' if module.endswith('.') or not module else '.'}{alias.name}"


@finding("ARCH-07", needs="source")
def every_file_compiles(on: Probe) -> None:
    """Every file of the app is Python, its tests and migrations too."""
    files = on.every_file("courses")
    assert files, "the app has no files"

    broken = []
    for file in files:
        try:
            compile((on.checkout.sources / file).read_bytes(), file, "exec", dont_inherit=True)
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
