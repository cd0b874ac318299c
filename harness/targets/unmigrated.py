"""What only migrations make, so that tables made from the models are without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

AS_IS = "--settings-as-is runs the migrations"
_BEYOND_MODELS = ("RunSQL", "RunPython")


def checkout_of(settings: ModuleType) -> Path:
    """The folder that a settings module is imported from."""
    depth = settings.__name__.count(".") + (1 if hasattr(settings, "__path__") else 0)
    return Path(settings.__file__ or "").absolute().parents[depth]


def beyond_models(root: Path) -> Iterator[tuple[str, str]]:
    """Each migration of a checkout that runs SQL or Python of its own, with which of them."""
    for file in sorted(root.glob("*/migrations/[!_]*.py")):
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        called = {_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if found := [name for name in _BEYOND_MODELS if name in called]:
            yield str(file.relative_to(root)), " and ".join(found)


def is_unmanaged(model: type[Any], owned: Path) -> bool:
    """Whether a model of the checkout's says that its table is made elsewhere."""
    options = model._meta
    if options.managed or options.proxy or options.abstract or options.swapped:
        return False
    if model.__module__ == "__fake__":  # a model of a migration's
        return False
    return (owned / model.__module__.split(".")[0]).exists()


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
