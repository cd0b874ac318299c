"""Seeded authorisation faults of the reference backend, one at a time: each is red in its cells, and named there.

Each patch says in its header what must become of it; adding a fault is adding a file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.verdicts import Kind
from coursegate.tests.gate.gate_process import apply_patch, run_gate
from coursegate.tests.gate.seeded_patches import CONTROL, FAULTS, Fault, by_name, read_fault, under

PATCHES = sorted(FAULTS.glob("*.patch"))


@cache
def contract() -> Contract:
    return load_contract()


def test_there_are_faults() -> None:
    """The folder holds faults at all."""
    assert len(PATCHES) >= 25


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_header_speaks_of_what_exists(patch: Path) -> None:
    """The header of each patch names cells, operations and a kind of failure that there are."""
    fault, cells = read_fault(patch), contract().access.cells

    assert all(under(red, (f"access/{cell}" for cell in cells)) for red in fault.red)
    assert fault.kind in set(Kind)
    operations = {cell.operation for cell in cells.values()}
    assert fault.only <= operations | {operation.partition(".")[0] for operation in operations}
    assert all(fault.may_redden(operation) for operation in fault.operations)


@pytest.mark.parametrize("patch", by_name(PATCHES))
def test_fault_is_red_in_its_cells(backend: Path, tmp_path: Path, patch: Path) -> None:
    """A backend with one fault fails in the cells of the fault, which say what got out or was written."""
    fault = read_fault(patch)
    apply_patch(patch, backend)

    asked = sorted({*fault.operations, *CONTROL})
    options = ("--suite=access", *(f"--operation={operation}" for operation in asked))
    run = run_gate(tmp_path, *options, target=backend)

    assert run.code == 1, run.output
    assert "LEAK" in run.output or fault.kind != Kind.LEAK
    _assert_red(fault, {cell["id"]: cell for cell in run.failures()})
    elsewhere = [
        cell["id"]
        for cell in run.result["cells"]
        if cell["verdict"] != "pass" and not fault.may_redden(cell["operation"])
    ]
    assert not elsewhere


def _assert_red(fault: Fault, failed: dict[str, dict[str, Any]]) -> None:
    for red in fault.red:
        reasons = {
            name: failed[name]["reason"] for name in under(red, failed) if failed[name]["kind"] == fault.kind
        }
        assert reasons, f"{red} does not fail by a {fault.kind}; {', '.join(failed) or 'nothing'} fails"
        assert any(fault.told in reason for reason in reasons.values()), reasons
