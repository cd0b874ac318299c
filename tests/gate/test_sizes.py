"""The gate judges on a larger world as it does on the small one."""

from __future__ import annotations

from pathlib import Path

from coursegate.tests.gate.gate_process import run_gate


def test_ten_times_the_world_is_judged_alike(tmp_path: Path) -> None:
    """With ten times the lessons every list still holds exactly what opens for each caller, over all its pages."""
    run = run_gate(tmp_path, "--size=10", "--suite=access", "--operation=lessons.list")

    assert run.code == 0, run.output
    assert run.result["size"] == 10
    assert run.result["summary"]["pass"] == 9


def test_size_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The world comes in three sizes; any other is refused before anything runs."""
    run = run_gate(tmp_path, "--size=7")

    assert run.code == 4, run.output
    assert "invalid choice: 7 (choose from 1, 10, 100)" in run.output
