"""What to do about an exception that settings raise while they are loaded."""

from __future__ import annotations

import ast
import os
import re
import traceback
from pathlib import Path

from coursegate.harness.targets.binding import Binding

# Names of exceptions, of whatever library: a server that is asked while settings are loaded does not answer.
_UNREACHABLE = frozenset({"ConnectionError", "ConnectionRefusedError", "OperationalError", "TimeoutError"})
# What libraries for settings raise where a variable is not set: environs, decouple.
_OF_LIBRARIES = frozenset({"EnvError", "UndefinedValueError"})
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{3,}\b")
_SAMPLES = (".env.example", ".env.sample", ".env.dist", ".env.template", "env.example")


def hint_of(problem: BaseException, binding: Binding) -> str:
    """What helps, in a few words; "" where nobody knows."""
    if isinstance(problem, KeyError) and _is_of_environment(problem):
        others = [name for name in _asked_of_environment(problem) if name != problem.args[0]]
        also = f"; the same file asks for {', '.join(others)}, too" if others else ""
        return f"set the environment variable {problem.args[0]}{also}"
    if name := _missing_variable(problem, binding):
        return f"set the environment variable {name}{_of_samples(binding)}"
    if isinstance(problem, FileNotFoundError) and str(problem.filename).endswith(".env"):
        sample = _sample(binding)
        return (
            f"make one: cp {sample} .env"
            if sample
            else "make one, or set its variables and name other settings"
        )
    if _UNREACHABLE & {kind.__name__ for kind in type(problem).__mro__} and _is_loading_settings(
        problem, binding
    ):
        return "the settings ask a server while they are loaded: start it, or name others with --settings"
    return ""


def _sample(binding: Binding) -> str:
    return next((name for name in _SAMPLES if (binding.path / name).is_file()), "")


def _missing_variable(problem: BaseException, binding: Binding) -> str:
    """The variable of which settings say in words of their own that they need it; "" where they speak of something else."""
    says_so = "environment" in str(problem).lower() or type(problem).__name__ in _OF_LIBRARIES
    if not says_so or not _is_loading_settings(problem, binding):
        return ""
    named = (name for name in _VARIABLE.findall(str(problem)) if name not in os.environ)
    return next(named, "")


def _of_samples(binding: Binding) -> str:
    sample = _sample(binding)
    where = f"; {sample} names all" if sample else ""
    return f"{where}; that of a database or a cache may be any of the right form, the run replaces it"


def _is_of_environment(problem: BaseException) -> bool:
    """Whether `os.environ[...]` raised it."""
    frames = traceback.extract_tb(problem.__traceback__)
    return bool(frames) and frames[-1].filename in {
        "<frozen os>",
        traceback.__file__.replace("traceback", "os"),
    }


def _asked_of_environment(problem: BaseException) -> list[str]:
    """The variables that are not set and that the file which asked for one of them asks for, in their order.

    Some may stand where this run would never come to.
    """
    asking = traceback.extract_tb(problem.__traceback__)[-2].filename
    try:
        tree = ast.parse(Path(asking).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    asked = [
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and ast.unparse(node.value).rpartition(".")[2] == "environ"
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ]
    return [name for name in dict.fromkeys(asked) if name not in os.environ]


def _is_loading_settings(problem: BaseException, binding: Binding) -> bool:
    inner = binding.path.joinpath(*binding.settings.split("."))
    files = {str(inner.with_suffix(".py")), str(inner / "__init__.py")}
    return any(frame.filename in files for frame in traceback.extract_tb(problem.__traceback__))
