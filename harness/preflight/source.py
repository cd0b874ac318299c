"""First rung: every file parses, and what it imports exists. No code of the target runs."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from coursegate.harness.preflight.describing import install_hint
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.probing.syntax import is_of_tests
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict

_LEFT_OUT = {"site-packages", "node_modules", "tests", "migrations", "docs", "scripts"}


def check_source(binding: Binding) -> RungResult:
    """Parse every module of the backend; resolve every import that runs when it is loaded."""
    broken: list[str] = []
    absent: dict[str, list[str]] = {}
    trees = {file: _parsed(file) for file in _modules(binding.path)}
    here = {name for file in trees for name in (*file.relative_to(binding.path).parts[:-1], file.stem)}
    for file in _loaded(trees, binding):
        name, tree = binding.relative(str(file)), trees[file]
        if not isinstance(tree, ast.Module):
            line = getattr(tree, "lineno", None) or 0
            broken.append(f"{name}:{line}: {type(tree).__name__}: {getattr(tree, 'msg', tree)}")
            continue
        for module, line in _imports(tree):
            # What stands somewhere in the checkout may be found where its settings say: loading it will tell.
            if module in absent or not (module in here or _is_installed(module)):
                absent.setdefault(module, []).append(f"{name}:{line}")
    causes = (*broken, *(_told(module, places) for module, places in absent.items()))
    blocks = "what imports these" if causes else ""
    return RungResult("source", Verdict.FAIL if causes else Verdict.PASS, causes, blocks)


def _parsed(file: Path) -> ast.Module | SyntaxError | ValueError:
    try:
        return ast.parse(file.read_bytes(), filename=str(file))
    except (SyntaxError, ValueError) as problem:
        return problem


def _loaded(trees: Mapping[Path, ast.Module | SyntaxError | ValueError], binding: Binding) -> list[Path]:
    """The modules that a server loads: of those beside manage.py, which are often tools, and of other settings than the
    chosen ones only what somebody imports.
    """
    chosen = binding.settings.rpartition(".")[2]
    folders = {binding.path, binding.sources} | {
        file.parent for file in trees if file.stem == chosen and file.parent.name == "settings"
    }
    aside = [
        file for file in trees if file.parent in folders and file.stem not in {chosen, "manage", "__init__"}
    ]
    loaded = [file for file in trees if file not in aside]
    while more := [file for file in aside if file.stem in _named_in(trees[known] for known in loaded)]:
        loaded += more
        aside = [file for file in aside if file not in more]
    return sorted(loaded)


def _named_in(trees: Iterable[ast.Module | SyntaxError | ValueError]) -> set[str]:
    """Every name that is imported, wherever: parts of modules, and what is taken from them."""
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree) if isinstance(tree, ast.Module) else ():
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names]
                found.update(
                    part for name in (getattr(node, "module", None) or "", *names) for part in name.split(".")
                )
    return found


def _told(module: str, places: list[str]) -> str:
    further = f", and {len(places) - 1} more places" if len(places) > 1 else ""
    return f"{places[0]}: no module named {module!r} ({install_hint(module)}){further}"


def _modules(root: Path) -> list[Path]:
    """The backend's modules that run in production, in a fixed order."""

    def is_meant(file: Path) -> bool:
        parts = file.relative_to(root).parts
        if any(part in _LEFT_OUT or part.startswith(".") for part in parts) or is_of_tests(file.stem):
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


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
