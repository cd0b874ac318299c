"""A second backend, written without knowing the first one or the checks, is judged by the contract alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursegate.tests.gate.gate_process import ROOT, SAMPLE, run_gate

ALTERNATIVE = ROOT / "tests" / "targets" / "alternative"
# What both backends decide differently: names, refusals, closed fields, sanitizing, cloning, verification, limits.
DIFFERENT = ("ARCH-02", "ARCH-07", "SEC-01", "SER-02", "VAL-02", "VAL-04", "VIEW-11")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(SAMPLE, id="rows"),
        pytest.param(tuple(f"--finding={name}" for name in DIFFERENT), id="findings"),
        pytest.param(("-n", "2"), id="all", marks=pytest.mark.exhaustive),
    ],
)
def test_the_other_choice_is_green(asked: tuple[str, ...], tmp_path: Path) -> None:
    """Whatever the contract leaves open may be decided the other way round, and everywhere at once."""
    # It keeps a key of its own beside its settings from its first start on.
    target = shutil.copytree(ALTERNATIVE, tmp_path / "alternative")

    run = run_gate(tmp_path, *asked, target=target)

    assert run.code == 0, run.output
    assert run.judged_share() > 0.9
