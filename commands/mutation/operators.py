"""The mistakes: what a node of a syntax tree could have been written as instead.

Tools that mutate functions leave decorators, class attributes and querysets alone, which is where DRF keeps its
authorisation; these operators are about just that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
}
# Calls whose keywords are conditions on rows, or promises of a declaration; dropping one widens what is let through.
_CONDITIONS = frozenset({"filter", "exclude", "get", "Q", "_where", "action", "get_object_or_404", "update"})


def replacements(node: ast.AST, source: str) -> Iterator[str]:
    """Texts that could stand in place of a node, each one a mistake somebody could make."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = _text(node.left, source), _text(node.comparators[0], source)
        yield f"{left} {_COMPARED[type(node.ops[0])]} {right}"
    elif isinstance(node, ast.BoolOp):
        word = " or " if isinstance(node.op, ast.And) else " and "
        yield f"({word.join(_text(value, source) for value in node.values)})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        yield _text(node.operand, source)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        sign = "|" if isinstance(node.op, ast.BitAnd) else "&"
        yield f"({_text(node.left, source)} {sign} {_text(node.right, source)})"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield str(not node.value)
    elif isinstance(node, ast.IfExp):
        yield _text(node.body, source)
        yield _text(node.orelse, source)
    elif isinstance(node, ast.Call):
        yield from _with_fewer_conditions(node, source)


def declared_less(node: ast.stmt, source: str) -> Iterator[tuple[ast.expr, str]]:
    """Of a class attribute that lists things, each list with one thing missing: (what is replaced, by what)."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    if isinstance(value, (ast.Tuple, ast.List)):
        for left_out in value.elts:
            kept = [_text(element, source) for element in value.elts if element is not left_out]
            yield (
                value,
                f"[{', '.join(kept)}]"
                if isinstance(value, ast.List)
                else f"({''.join(f'{name}, ' for name in kept)})",
            )


def guards_off(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """An `if` that only leaves or refuses, and never does."""
    if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], (ast.Return, ast.Raise)):
        yield node.test, "False"


def _with_fewer_conditions(node: ast.Call, source: str) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in _CONDITIONS:
        return
    for left_out in node.keywords:
        if left_out.arg is None:
            continue
        kept = [_text(argument, source) for argument in node.args]
        kept += [_text(keyword, source) for keyword in node.keywords if keyword is not left_out]
        yield f"{_text(node.func, source)}({', '.join(kept)})"


def _text(node: ast.AST, source: str) -> str:
    text = ast.get_source_segment(source, node)
    assert text is not None, "every node that was parsed has its place"
    return text
