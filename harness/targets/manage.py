"""What manage.py does to the environment before it hands over to Django: many read a file `.env` there, not in settings."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 20.0
# What `django-admin startproject` writes imports nothing else, and sets nothing but the name of the settings.
_ORDINARY = frozenset({"os", "sys", "django"})
# Runs all of manage.py but Django: that is where it would begin to look at settings.
_PROGRAM = """
import json, os, runpy, sys
from django.core import management

def stop(*_arguments, **_named):
    raise SystemExit

before, told = dict(os.environ), sys.argv[1]
management.execute_from_command_line = stop
sys.path[0], sys.argv[:] = os.getcwd(), ["manage.py", "check"]
try:
    runpy.run_path("manage.py", run_name="__main__")
finally:
    with open(told, "w", encoding="utf-8") as file:
        json.dump({name: value for name, value in os.environ.items() if before.get(name) != value}, file)
"""


def set_by_manage(root: Path) -> dict[str, str]:
    """The variables that manage.py sets, by name; none where it is as Django writes it, which is not run.

    One that fails half-way has set what it had set until then: the settings say what they miss.
    """
    if _is_ordinary(root / "manage.py"):
        return {}
    with tempfile.TemporaryDirectory(prefix="coursegate-") as folder:
        told = Path(folder, "told.json")
        try:
            subprocess.run(
                [sys.executable, "-c", _PROGRAM, str(told)],
                cwd=root,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {}
        return dict(json.loads(told.read_text(encoding="utf-8"))) if told.is_file() else {}


def _is_ordinary(manage: Path) -> bool:
    try:
        tree = ast.parse(manage.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return True  # nor can it be run
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in named} <= _ORDINARY | {"__future__"}
