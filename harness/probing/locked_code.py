"""Which statements of a source stand where a lock is held: in a `with`, behind `acquire()`, or below a decorator."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from coursegate.harness.probing.syntax import functions_of

# Of `threading` and `multiprocessing`; what else is a lock, its name says.
MADE = frozenset({"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore"})
NO_LOCKS = frozenset({"nullcontext", "suppress"})
_NAMED = re.compile(r"(?<![A-Za-z])[rR]?[lL]ock|[a-z]Lock|[mM]utex")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def names_in(node: ast.AST) -> Iterator[str]:
    """Every name and attribute that an expression speaks of."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Name):
            yield part.id


class Locks:
    """What is a lock in some modules, by name.

    Args:
        trees: the modules; a lock may be made in one and held in another.
    """

    def __init__(self, trees: Iterable[ast.Module]) -> None:
        self._trees = list(trees)
        made, others = self._assigned()
        self._known, self._others = set(made), others - made
        # What holds a lock for others, as a context or a decorator, may itself use such a one.
        while more := {
            function.name
            for tree in self._trees
            for function in functions_of(tree)
            if function.name not in self._known and self._lends(function)
        }:
            self._known |= more

    def _assigned(self) -> tuple[set[str], set[str]]:
        made: set[str] = set()
        others: set[str] = set()
        for node in (node for tree in self._trees for node in ast.walk(tree)):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = {name for target in targets for name in [next(names_in(target), "")] if name}
                spoken = set(names_in(node.value))
                made |= names if spoken & MADE else set()
                others |= names if spoken & NO_LOCKS else set()
        return made, others

    def _lends(self, function: Function) -> bool:
        """Whether a function holds a lock while it yields, or while it calls what it decorates."""
        inner = [node for node in ast.walk(function) if isinstance(node, Function) and node is not function]
        if inner:
            return any(self.is_taken_by(node) for node in inner)
        yields = [
            node
            for node in ast.walk(function)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield)
        ]
        bare = {id(node) for node in self.bare(function.body)}
        return bool(yields) and not any(id(node) in bare for node in yields)

    def is_lock(self, node: ast.AST) -> bool:
        """Whether an expression speaks of a lock."""
        return any(
            name in self._known or (bool(_NAMED.search(name)) and name not in self._others)
            for name in names_in(node)
        )

    def is_taken_by(self, function: Function) -> bool:
        """Whether a function takes a lock anywhere."""
        return any(self.is_lock(mark) for mark in function.decorator_list) or any(
            (isinstance(node, ast.With | ast.AsyncWith) and self._enters(node))
            or self._calls(node, "acquire")
            for node in ast.walk(function)
        )

    def bare_in(self, function: Function) -> Iterator[ast.stmt]:
        """The statements of a function that stand where no lock is held; of compound ones those within."""
        if not any(self.is_lock(mark) for mark in function.decorator_list):
            yield from self.bare(function.body)

    def bare(self, body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        """The same of a block. What stands behind an `acquire()` is held until a `release()`."""
        held = False
        for node in body:
            if not held:
                yield from self._bare_within(node)
            if self._says(node, "acquire") or self._gives_up_without(node):
                held = True
            if self._says(node, "release") or self._releases_finally(node):
                held = False

    def _bare_within(self, node: ast.stmt) -> Iterator[ast.stmt]:
        if isinstance(node, ast.With | ast.AsyncWith) and self._enters(node):
            return
        if isinstance(node, Function | ast.ClassDef):
            return  # judged by themselves
        blocks = [getattr(node, part) for part in ("orelse", "finalbody") if getattr(node, part, None)]
        blocks += [handler.body for handler in getattr(node, "handlers", [])]
        blocks += [case.body for case in getattr(node, "cases", [])]
        first = getattr(node, "body", None)
        if isinstance(node, ast.If) and self._calls_within(node.test, "acquire"):
            # What is done where the lock was got is left out.
            blocks = [node.body if _is_denial(node.test) else node.orelse]
        elif first:
            blocks.insert(0, first)
        if not blocks:
            yield node
        for block in blocks:
            yield from self.bare(block)

    def _enters(self, node: ast.With | ast.AsyncWith) -> bool:
        return any(self.is_lock(item.context_expr) for item in node.items)

    def _says(self, node: ast.stmt, what: str) -> bool:
        """Whether a simple statement is the call, or keeps what it gives."""
        return isinstance(node, ast.Expr | ast.Assign) and self._calls_within(node.value, what)

    def _gives_up_without(self, node: ast.stmt) -> bool:
        """Whether it is `if not lock.acquire(): return`, behind which the lock is held."""
        return (
            isinstance(node, ast.If)
            and _is_denial(node.test)
            and self._calls_within(node.test, "acquire")
            and isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue)
        )

    def _releases_finally(self, node: ast.stmt) -> bool:
        return isinstance(node, ast.Try) and any(
            self._calls_within(inner, "release") for inner in node.finalbody
        )

    def _calls_within(self, node: ast.AST, what: str) -> bool:
        return any(self._calls(part, what) for part in ast.walk(node))

    def _calls(self, node: ast.AST, what: str) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == what
            and self.is_lock(node.func.value)
        )


def _is_denial(test: ast.expr) -> bool:
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
