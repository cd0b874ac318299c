"""What fails on one database alone is replayed on that one."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from coursegate.commands.run_services import ServiceOptions
from coursegate.tests.gate.gate_process import run_gate

# Stands for a query that only one of the two databases takes.
FAULT = """

from django.db import connection


def breaks_on_postgres(get_response):
    def answer(request):
        if connection.vendor == "postgresql" and request.path == "/api/categories/":
            raise RuntimeError("no such operator")
        return get_response(request)

    return answer
"""
CELL = "access/categories.list/categories/guest"


def test_replay_stands_on_what_the_run_stood_on(backend: Path, tmp_path: Path) -> None:
    """A run on PostgreSQL prints a replay on PostgreSQL, which sees the fault; on SQLite there is none."""
    middleware, settings = backend / "educore" / "middleware.py", backend / "educore" / "settings.py"
    middleware.write_text(middleware.read_text(encoding="utf-8") + FAULT, encoding="utf-8")
    settings.write_text(
        settings.read_text(encoding="utf-8")
        + '\nMIDDLEWARE.append("educore.middleware.breaks_on_postgres")\n',
        encoding="utf-8",
    )

    run = run_gate(tmp_path, f"--check={CELL}", "--db=postgres", target=backend)

    assert run.code == 1, run.output
    [told] = [line for line in run.output.splitlines() if line.strip().startswith("coursegate replay")]
    _, *typed = shlex.split(told)
    assert typed[-1] == "--db=postgres"
    assert "no such operator" in _replayed(typed, 1)
    assert f"{CELL}: pass" in _replayed(typed[:-1], 0)


def _replayed(typed: list[str], code: int) -> str:
    command = [sys.executable, "-m", "coursegate.commands.cli", *typed]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (ServiceOptions(), ""),
        (ServiceOptions(cache="redis", redis="redis://:secret@127.0.0.1/0"), "--cache=redis"),
        (ServiceOptions("sqlite", "locmem"), "--db=sqlite --cache=locmem"),
    ],
)
def test_no_address_is_typed(asked: ServiceOptions, typed: str) -> None:
    """What was left to the gate is not typed, and of a server that was named its kind only: an address holds a password."""
    assert asked.typed == typed
