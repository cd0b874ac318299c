"""A run can be asked about findings of the audit, and about as much of the migration plan as is done."""

from __future__ import annotations

from pathlib import Path

from coursegate.commands.proof.defects import FOLDER
from coursegate.commands.proof.workshop import apply_patch
from coursegate.tests.gate.gate_process import run_gate

SER_02 = FOLDER / "findings" / "answers-prefetched-by-another-name.patch"


def test_one_finding_is_asked(tmp_path: Path) -> None:
    """Only what cites the finding is asked, whatever suite it stands in."""
    run = run_gate(tmp_path, "--finding=ser-02")

    assert run.code == 0, run.output
    assert run.result["cells"]
    assert all("SER-02" in cell["findings"] for cell in run.result["cells"])
    assert run.result["verdict"] == "partial"


def test_later_phases_do_not_block(tmp_path: Path, backend: Path) -> None:
    """What only later phases ask for is told and decides nothing."""
    apply_patch(SER_02, backend)
    checks = ("--check=regression/SER-02", "--check=access/categories.list")

    run = run_gate(tmp_path, *checks, "--phase=0", target=backend)

    assert run.code == 0, run.output
    assert run.result["deferred"] == [cell["id"] for cell in run.failures()] != []
    assert "phase      0; not kept, but asked for by later phases only" in run.output


def test_unknown_finding_is_refused(tmp_path: Path) -> None:
    """A finding or file of which the audit says nothing is refused with what it speaks of."""
    finding = run_gate(tmp_path, "--finding=SER-99")
    file = run_gate(tmp_path, "--file=users/nothing.py")

    assert (finding.code, file.code) == (4, 4)
    assert "the audit has no finding 'SER-99'" in finding.output
    assert "no finding of the audit is about 'users/nothing.py'" in file.output
