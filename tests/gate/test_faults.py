"""Seeded authorisation faults of the reference backend, one at a time: each is red in its cells, and named there.

Each patch says in its header what must become of it; adding a fault is adding a file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coursegate.harness.verdicts import Kind
from coursegate.tests.gate.gate_process import apply_patch, run_gate
from coursegate.tests.gate.seeded_patches import (
    CONTROL,
    EVERYTHING,
    FAULTS,
    Fault,
    by_name,
    known_checks,
    read_fault,
    under,
)

PATCHES = sorted(FAULTS.glob("*.patch"))


@cache
def checks() -> dict[str, str]:
    return known_checks()


def asked(fault: Fault) -> set[str]:
    """The operations of the red checks; "" for those that speak of none."""
    return {checks()[name] for red in fault.red for name in under(red, checks())}


def test_there_are_faults() -> None:
    """The folder holds faults at all."""
    assert len(PATCHES) >= 25


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_header_speaks_of_what_exists(patch: Path) -> None:
    """The header of each patch names checks, operations and a kind of failure that there are."""
    fault = read_fault(patch)

    assert all(under(red, checks()) for red in fault.red)
    assert fault.kind in set(Kind)
    operations = set(checks().values())
    assert fault.only <= operations | {operation.partition(".")[0] for operation in operations} | {EVERYTHING}
    assert all(fault.may_redden(operation) for operation in asked(fault))


@pytest.mark.parametrize("patch", by_name(PATCHES))
def test_fault_is_red_in_its_cells(backend: Path, tmp_path: Path, patch: Path) -> None:
    """A backend with one fault fails in the checks of the fault, which say what got out or was written."""
    fault = read_fault(patch)
    apply_patch(patch, backend)

    run = run_gate(tmp_path, *_options(fault), target=backend)

    assert run.code == 1, run.output
    assert "LEAK" in run.output or fault.kind != Kind.LEAK
    _assert_red(fault, {cell["id"]: cell for cell in run.failures()})
    elsewhere = [
        cell["id"]
        for cell in run.result["cells"]
        if cell["verdict"] != "pass" and not fault.may_redden(cell["operation"])
    ]
    assert not elsewhere


def _options(fault: Fault) -> list[str]:
    """The suites and operations of the red checks, and operations that the fault does not touch."""
    operations = asked(fault)
    suites = [
        f"--suite={suite}"
        for suite in sorted(fault.suites | {"access"} if "" not in operations else fault.suites)
    ]
    wanted = sorted({*operations, *CONTROL}) if "" not in operations else []
    return [*suites, *(f"--operation={operation}" for operation in wanted)]


def _assert_red(fault: Fault, failed: dict[str, dict[str, Any]]) -> None:
    for red in fault.red:
        reasons = {
            name: failed[name]["reason"] for name in under(red, failed) if failed[name]["kind"] == fault.kind
        }
        assert reasons, f"{red} does not fail by a {fault.kind}; {', '.join(failed) or 'nothing'} fails"
        assert any(fault.told in reason for reason in reasons.values()), reasons
