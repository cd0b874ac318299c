"""What holds for a function of a project's tests beside its own lines: marks, also of its classes and its module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
# What a class prepares for its tests, in unittest's words and in pytest's.
PREPARING = frozenset({"setUp", "setUpClass", "setUpTestData", "setup_method", "setup_class"})


@dataclass(frozen=True, eq=False)  # one for each function
class Marked:
    """A function of a module of tests.

    Attributes:
        marks: its decorators, those of the classes it stands in, and what `pytestmark` says of them and of the module.
        prepared: what its classes say and do before their tests.
    """

    function: Function
    marks: Sequence[ast.expr]
    prepared: Sequence[ast.AST]

    @property
    def is_test(self) -> bool:
        return self.function.name.startswith("test")

    @property
    def arguments(self) -> set[str]:
        """What it asks for by name: fixtures."""
        return {argument.arg for argument in self.function.args.args}

    @property
    def is_skipped(self) -> bool:
        """Whether a mark leaves it out whatever the circumstances."""
        return any(map(_skips, self.marks))

    @property
    def cases(self) -> Iterator[ast.AST]:
        """What it runs for, argument by argument: by pytest's marks and parameters, or in a loop of subtests."""
        for mark in self.marks:
            if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute):
                keywords = {keyword.arg: keyword.value for keyword in mark.keywords}
                if mark.func.attr == "parametrize" and (
                    values := [*mark.args[1:2], *_present(keywords.get("argvalues"))]
                ):
                    yield from _columns(values[0])
                elif mark.func.attr == "fixture":
                    yield from _present(keywords.get("params"))
        for node in ast.walk(self.function):
            if isinstance(node, ast.For) and any(
                isinstance(part, ast.Attribute) and part.attr == "subTest" for part in ast.walk(node)
            ):
                yield node.iter


def marked_functions(tree: ast.Module, values: Mapping[str, ast.expr]) -> list[Marked]:
    """Every function of a module, however deep; `values` is what names stand for, marks among them."""
    return list(_below(tree, values, [], []))


def _below(
    parent: ast.AST, values: Mapping[str, ast.expr], marks: list[ast.expr], prepared: list[ast.AST]
) -> Iterator[Marked]:
    inside = [*marks, *_pytestmark(parent)]
    if isinstance(parent, ast.ClassDef):
        inside += parent.decorator_list
        prepared = [*prepared, *_prepared(parent)]
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, Function):
            named = [*node.decorator_list, *inside]
            resolved = [values.get(mark.id, mark) if isinstance(mark, ast.Name) else mark for mark in named]
            yield Marked(node, resolved, prepared)
        yield from _below(node, values, inside, prepared)


def _pytestmark(parent: ast.AST) -> Iterator[ast.expr]:
    for node in parent.body if isinstance(parent, ast.Module | ast.ClassDef) else ():
        if isinstance(node, ast.Assign) and any(
            ast.unparse(target) == "pytestmark" for target in node.targets
        ):
            yield from node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]


def _prepared(parent: ast.ClassDef) -> Iterator[ast.AST]:
    for node in parent.body:
        if isinstance(node, Function):
            yield from [node] if node.name in PREPARING else []
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            yield node.value


def _present(value: ast.expr | None) -> list[ast.expr]:
    return [] if value is None else [value]


def _columns(values: ast.expr) -> Iterator[ast.AST]:
    """The values of each argument; of several arguments, those that stand at the same place of each case."""
    cases = values.elts if isinstance(values, (ast.List, ast.Tuple, ast.Set)) else []
    if cases and all(isinstance(case, ast.Tuple) for case in cases):
        for column in zip(*(case.elts for case in cases if isinstance(case, ast.Tuple)), strict=False):
            yield ast.Tuple(elts=list(column), ctx=ast.Load())
    else:
        yield values


def _skips(mark: ast.expr) -> bool:
    """Whether a mark leaves a test out whatever the circumstances: of pytest, or of unittest."""
    called = ast.unparse(mark.func if isinstance(mark, ast.Call) else mark)
    if called in {"pytest.mark.skip", "mark.skip", "unittest.skip", "skip"}:
        return True
    first = mark.args[0] if isinstance(mark, ast.Call) and mark.args else None
    return called.endswith((".skipif", ".skipIf")) and isinstance(first, ast.Constant) and bool(first.value)
