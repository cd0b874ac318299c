"""A target that runs in an interpreter of its own is judged over HTTP, and finds its own packages before the gate's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from coursegate.commands.own_interpreter import lend
from coursegate.tests.gate.gate_process import BACKEND, run_gate


def test_what_the_gate_lends_stands_behind(tmp_path: Path) -> None:
    """What an interpreter has itself comes first; it gets the gate and what that requires, and no package of a backend."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "factory.py").write_text("MINE = True\n", encoding="utf-8")
    lend(tmp_path / "lent")
    asked = (
        f"import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]; sys.path.insert(0, {str(own)!r});"
        "import importlib.util as u, coursegate.contracts.contract, factory;"
        "print(factory.MINE, bool(u.find_spec('requests')), bool(u.find_spec('rest_framework')))"
    )

    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={"PYTHONPATH": str(tmp_path / "lent")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stdout.split() == ["True", "True", "False"], done.stderr


def test_target_is_served_and_judged(tmp_path: Path) -> None:
    """The reference backend, served by an interpreter that is told to run it, keeps its promises over HTTP."""
    run = run_gate(
        tmp_path,
        f"--python={sys.executable}",
        "--suite=access",
        "--operation=categories.list",
        target=BACKEND,
    )

    assert run.code == 0, run.output
    assert run.result["target"]["kind"] == "url"
    assert run.judged_share() == 1.0


def test_interpreter_that_does_not_run_it_is_told(tmp_path: Path) -> None:
    """An interpreter without what the target needs is told by what it said, and nothing goes green."""
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=120)

    run = run_gate(
        tmp_path, f"--python={bare / 'bin' / 'python'}", "--operation=categories.list", target=BACKEND
    )

    assert run.code == 1, run.output
    assert "django" in run.output.lower()
