"""`courses/views/__init__.py` and what it is made of: modules that import what they use, and nothing else."""

from __future__ import annotations

import ast
import re

from pyflakes.checker import Checker
from pyflakes.messages import Message, UndefinedExport, UndefinedLocal, UndefinedName, UnusedImport

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

SECURE = "SecureAPIView"
_EXCUSED = re.compile(r"#\s*noqa(?!:)|#\s*noqa:[^#]*\bF401\b", re.IGNORECASE)


def _messages(on: Probe) -> list[Message]:
    """What pyflakes says of the modules of the views."""

    def look() -> list[Message]:
        found: list[Message] = []
        for file in on.files("courses/views"):
            found += Checker(on.tree(file), filename=file).messages
        return found

    return list(on.once("pyflakes on the views", look))


def _unused(on: Probe, *, excused: bool = False) -> list[tuple[str, int, str]]:
    """Imports without use outside `__init__`: (file, line, name), with those that the linter is told to pass over, too, if
    `excused`. What is promised under a path is no unused import there.
    """
    found = []
    for message in _messages(on):
        if isinstance(message, UnusedImport) and not message.filename.endswith("__init__.py"):
            name = str(message.message_args[0]).rpartition(" as ")[2].rpartition(".")[2]
            module = message.filename.removesuffix(".py").replace("/", ".")
            line = (
                (on.checkout.sources / message.filename)
                .read_text(encoding="utf-8")
                .splitlines()[message.lineno - 1]
            )
            is_told = excused or not _EXCUSED.search(line)
            if is_told and name not in on.contract.compat.imports.get(module, ()):
                found.append((message.filename, message.lineno, name))
    return found


@finding("VIEW-05", needs="source")
def the_secure_view_is_imported_where_it_is_used(on: Probe) -> None:
    """Each module of the views that imports `SecureAPIView` uses it, or is one of the paths it is promised under."""
    assert any(_speaks_of(on.tree(file), SECURE) for file in on.files()), f"nobody speaks of {SECURE}"

    assert [f"{file}:{line}" for file, line, name in _unused(on, excused=True) if name == SECURE] == []


@finding("VIEW-05", needs="source")
def the_views_import_what_they_use(on: Probe) -> None:
    """No module of the views imports anything that it does not use; the package itself may, to pass it on."""
    assert [f"{file}:{line} {name}" for file, line, name in _unused(on)] == []


@finding("VIEW-04", needs="source")
def the_secure_view_is_defined_where_it_is_used(on: Probe) -> None:
    """No module of the views uses `SecureAPIView` without defining or importing it; it is defined somewhere in the app."""
    assert any(_defines(on.tree(file), SECURE) for file in on.files()), f"no module defines {SECURE}"

    undefined = [message for message in _messages(on) if isinstance(message, UndefinedName)]
    assert [str(message) for message in undefined if SECURE in message.message_args] == []


@finding("VIEW-05", needs="source")
def the_views_define_what_they_use(on: Probe) -> None:
    """No module of the views uses a name that it does not define or import."""
    kinds = (UndefinedName, UndefinedLocal, UndefinedExport)

    assert [str(message) for message in _messages(on) if isinstance(message, kinds)] == []


def _defines(tree: ast.Module, name: str) -> bool:
    """Whether a class of that name is written there, or made by a call. By which path it is offered, imports tell."""
    return any(
        (isinstance(node, ast.ClassDef) and node.name == name)
        or (
            isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        )
        for node in ast.walk(tree)
    )


def _speaks_of(tree: ast.Module, name: str) -> bool:
    return _defines(tree, name) or any(
        (isinstance(node, ast.alias) and name in {node.name, node.asname})
        or (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.Name) and node.id == name)
        for node in ast.walk(tree)
    )
