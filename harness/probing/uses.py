"""Where the code of a target uses a method: on the object itself, on another one, or by its name in a string."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

ITSELF = frozenset({"self", "cls"})


@dataclass(frozen=True)
class Use:
    """One place that may be a use of a method.

    Attributes:
        name: of the method.
        owner: the class in whose body it stands; "" outside of any.
        on: what it is called on, as source; "" for a name alone or a string.
    """

    name: str
    owner: str
    on: str

    @property
    def is_inside(self) -> bool:
        """Whether it can only mean a method of its own class: `self.name`, `super().name`, the name alone, a string."""
        return not self.on or self.on in ITSELF or self.on.startswith("super(")


@dataclass
class Uses:
    """All of them in some files, and which classes define a function of which name; "" stands for a module."""

    found: list[Use] = field(default_factory=list)
    defined: dict[str, set[str]] = field(default_factory=dict)

    def is_used(self, name: str, family: Collection[str]) -> bool:
        """Whether the method of that name of a family of classes is used anywhere.

        On an object that might be anything it counts where nothing else has a function of that name, or where it is
        called a serializer or one of the family.
        """
        others = self.defined.get(name, set()) - set(family)
        for use in self.found:
            if use.name != name:
                continue
            if use.is_inside and use.owner in family:
                return True
            if not use.is_inside and (not others or _is_meant(use.on, family)):
                return True
        return False


def _is_meant(receiver: str, family: Iterable[str]) -> bool:
    return "serializer" in receiver.lower() or any(name in receiver for name in family)


def uses_in(trees: Iterable[ast.Module], prefix: str) -> Uses:
    """The uses in some files of what has a name that begins so."""
    uses = Uses()
    for tree in trees:
        _Reader(uses, prefix).visit(tree)
    return uses


class _Reader(ast.NodeVisitor):
    def __init__(self, uses: Uses, prefix: str) -> None:
        self.uses, self.prefix = uses, prefix
        self.owners = [""]
        self.functions = 0

    def _note(self, name: str, on: ast.expr | None = None) -> None:
        if name.startswith(self.prefix):
            self.uses.found.append(Use(name, self.owners[-1], ast.unparse(on) if on else ""))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outer, self.functions = self.functions, 0
        self.owners.append(node.name)
        self.generic_visit(node)
        self.owners.pop()
        self.functions = outer

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.uses.defined.setdefault(node.name, set()).add(self.owners[-1])
        self.functions += 1
        self.generic_visit(node)
        self.functions -= 1

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._note(node.attr, node.value)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        # A function does not see the names of the class that it stands in.
        if isinstance(node.ctx, ast.Load) and not self.functions:
            self._note(node.id)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._note(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        # A source is looked up on what is shown, not on the serializer.
        if node.arg != "source":
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(
                func=ast.Name(id="getattr" | "hasattr"), args=[receiver, ast.Constant(value=str(name)), *_]
            ):
                self._note(name, receiver)
                self.visit(receiver)
            case _:
                self.generic_visit(node)
