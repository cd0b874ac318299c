"""Asked again, a check says at least what it says in a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECK = """
REFUSED = frozenset({401, 403})

def status():
    return 200

def check():
    assert status() in REFUSED

def compare():
    assert [f"file_{number}.py: unused" for number in range(60)] == []
"""
# A program, as pytest runs in this process already.
PROGRAM = """
import sys
import pytest
from coursegate.commands.asserting import explained

def block():
    pytest.register_assert_rewrite("checked")
    import checked
    try:
        getattr(checked, sys.argv[1])()
    except AssertionError as broken:
        print(broken)
    return 7

def refuse():
    raise LookupError("no check is called so")

if sys.argv[1] == "refuse":
    try:
        explained(refuse)
    except LookupError as broken:
        print(f"refused: {broken}")
else:
    sys.exit(explained(block))
"""


def _ran(folder: Path, what: str) -> subprocess.CompletedProcess[str]:
    (folder / "checked.py").write_text(CHECK, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, what]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=folder)


def test_a_bare_assertion_says_what_it_compared(tmp_path: Path) -> None:
    """An assertion without a message is told with both sides, and nothing else is printed."""
    done = _ran(tmp_path, "check")

    assert done.returncode == 7, done.stderr
    assert done.stdout.splitlines() == [
        f"assert 200 in {frozenset({401, 403})!r}",
        " +  where 200 = status()",
    ]
    assert done.stderr == ""


def test_a_long_comparison_is_told_in_full(tmp_path: Path) -> None:
    """Of sixty complaints the last one is told too."""
    assert "file_59.py: unused" in _ran(tmp_path, "compare").stdout


def test_a_refused_question_is_refused(tmp_path: Path) -> None:
    """What is wrong with the question reaches whoever tells people about it."""
    assert _ran(tmp_path, "refuse").stdout == "refused: no check is called so\n"
