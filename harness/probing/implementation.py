"""What a name comes to in the end: functions that only call another are followed to the one that does the work."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Mapping
from typing import Any

# How often one function may call the next before it is given up.
_DEPTH = 5


def called_only(function: ast.FunctionDef) -> ast.Call | None:
    """The call whose value a function returns, where it does nothing else besides importing; None where it does."""
    body = [node for node in function.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Call):
        return body[0].value
    return None


def implementation_of(called: Any) -> Any:
    """The function that does what another is asked for; what it cannot be followed to stands for itself, as written."""
    for _ in range(_DEPTH):
        function = inspect.unwrap(called) if callable(called) else called
        node = _node(function)
        call = called_only(node) if node is not None else None
        if node is None or call is None:
            return function
        names = {**function.__globals__, **_imported(node, function.__globals__)}
        try:
            called = _found(call.func, names)
        except (AttributeError, KeyError):
            return ast.unparse(call.func)
    return called


def _node(function: Any) -> ast.FunctionDef | None:
    if not inspect.isfunction(function):
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    return tree.body[0] if tree.body and isinstance(tree.body[0], ast.FunctionDef) else None


def _imported(function: ast.FunctionDef, surroundings: Mapping[str, Any]) -> dict[str, Any]:
    """What a function imports for itself."""
    found: dict[str, Any] = {}
    for node in function.body:
        if isinstance(node, ast.ImportFrom):
            package = surroundings.get("__package__") if node.level else None
            module = importlib.import_module("." * node.level + (node.module or ""), package)
            found |= {alias.asname or alias.name: getattr(module, alias.name, None) for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                module = importlib.import_module(alias.name)
                found[alias.asname or alias.name.partition(".")[0]] = (
                    module if alias.asname else importlib.import_module(alias.name.partition(".")[0])
                )
    return found


def _found(expression: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(expression, ast.Name):
        return names[expression.id]
    if isinstance(expression, ast.Attribute):
        return getattr(_found(expression.value, names), expression.attr)
    raise KeyError(ast.unparse(expression))


def described(implementation: Any) -> str:
    """Where an implementation stands, for a message."""
    name = getattr(implementation, "__qualname__", "") or str(implementation)
    module = getattr(implementation, "__module__", "")
    return f"{module}.{name}" if module and not isinstance(implementation, str) else name
