"""First rung: every file parses, and what it imports exists. No code of the target runs."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from coursegate.harness.preflight.describing import install_hint
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict

_LEFT_OUT = {"site-packages", "node_modules", "tests", "migrations", "docs", "scripts"}


def check_source(binding: Binding) -> RungResult:
    """Parse every module of the backend; resolve every import that runs when it is loaded."""
    broken: list[str] = []
    absent: dict[str, list[str]] = {}
    for file in _modules(binding.path):
        name = binding.relative(str(file))
        try:
            tree = ast.parse(file.read_bytes(), filename=str(file))
        except (SyntaxError, ValueError) as problem:
            line = getattr(problem, "lineno", None) or 0
            broken.append(f"{name}:{line}: {type(problem).__name__}: {getattr(problem, 'msg', problem)}")
            continue
        for module, line in _imports(tree):
            if module in absent or not _exists(module, binding.path):
                absent.setdefault(module, []).append(f"{name}:{line}")
    causes = (*broken, *(_told(module, places) for module, places in absent.items()))
    blocks = "what imports these" if causes else ""
    return RungResult("source", Verdict.FAIL if causes else Verdict.PASS, causes, blocks)


def _told(module: str, places: list[str]) -> str:
    further = f", and {len(places) - 1} more places" if len(places) > 1 else ""
    return f"{places[0]}: no module named {module!r} ({install_hint(module)}){further}"


def _modules(root: Path) -> list[Path]:
    """The backend's modules that run in production, in a fixed order."""

    def is_meant(file: Path) -> bool:
        parts = file.relative_to(root).parts
        if any(part in _LEFT_OUT or part.startswith(".") for part in parts) or file.name.startswith(
            ("test_", "conftest")
        ):
            return False
        return not any(
            (parent / "pyvenv.cfg").exists() for parent in file.parents if parent.is_relative_to(root)
        )

    return sorted(file for file in root.rglob("*.py") if is_meant(file))


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Top-level names that loading the module imports without a net (not in `try`, `if` or a function)."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


def _exists(name: str, root: Path) -> bool:
    if (root / name).is_dir() or (root / f"{name}.py").is_file():
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
