"""Taking one field out of a model of the reference backend, as a backend that is further behind would lack it."""

from __future__ import annotations

import ast
from pathlib import Path

# The models the world is made of, and the files their fields stand in: their own, and those of their mixins.
FILES = {
    "users": "users/models/*.py",
    "courses": "courses/models/*.py",
    "instructor_portal": "instructor_portal/models*.py",
}


def fields_of(backend: Path) -> list[tuple[Path, str, str]]:
    """Every non-key field declared in a model file, as (file, class, field)."""
    found = []
    for pattern in FILES.values():
        for file in sorted(backend.glob(pattern)):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    found += [(file, node.name, name) for name, _ in _fields(node)]
    return found


def remove_field(backend: Path, model: str, field: str) -> None:
    """Delete the declaration of one field; everything that speaks of it stays, as it would in a real checkout."""
    for file, name, known in fields_of(backend):
        if (name, known) == (model, field):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            owner = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == model)
            statement = next(statement for found, statement in _fields(owner) if found == field)
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            lines[statement.lineno - 1 : statement.end_lineno] = ["    pass\n"]
            file.write_text("".join(lines), encoding="utf-8")
            return
    raise LookupError(f"{model} declares no field {field}")


def _fields(node: ast.ClassDef) -> list[tuple[str, ast.stmt]]:
    """Assignments in a class body whose value is a call of a field, other than relations and keys."""
    found: list[tuple[str, ast.stmt]] = []
    for statement in node.body:
        target = (
            statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        )
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Call) and _is_plain_field(value.func):
            found.append((target.id, statement))
    return found


def _is_plain_field(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    is_field = name.endswith("Field") or (name.startswith("create_") and name.endswith("_field"))
    return is_field and not name.endswith(("ManyToManyField", "OneToOneField", "GenericForeignKey"))
