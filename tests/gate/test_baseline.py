"""A run that is compared with an earlier one says what has changed since."""

from __future__ import annotations

from pathlib import Path

from coursegate.commands.proof.workshop import apply_patch
from coursegate.tests.gate.gate_process import ROOT, run_gate

ASKED = ("--check=access/lessons.retrieve/lesson-premium",)
DEFECT = ROOT / "defects" / "access" / "tier-filter-off.patch"
LEAK = "access/lessons.retrieve/lesson-premium/lapsed"


def test_run_says_what_has_changed_since_the_baseline(backend: Path, tmp_path: Path) -> None:
    """What broke since is newly failing, what was mended is fixed, and the verdict is that of the run itself."""
    before = run_gate(tmp_path / "before", *ASKED, target=backend)
    apply_patch(DEFECT, backend)
    broken = run_gate(
        tmp_path / "broken", *ASKED, f"--baseline={before.reports / 'gate.json'}", target=backend
    )
    mended = run_gate(tmp_path / "mended", *ASKED, f"--baseline={broken.reports / 'gate.json'}")

    assert (before.code, broken.code, mended.code) == (0, 1, 0), broken.output
    assert LEAK in broken.result["since"]["newly_failing"]
    assert "since      the baseline:" in broken.output
    assert broken.result["since"]["fixed"] == []
    assert set(mended.result["since"]["fixed"]) == set(broken.result["since"]["newly_failing"])
    assert "**Since the baseline**" in (broken.reports / "summary.md").read_text(encoding="utf-8")
