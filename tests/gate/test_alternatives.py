"""Honest alternatives to the reference backend: each keeps the promises in its own way, and stays green."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.tests.gate.gate_process import GateRun, apply_patch, run_gate
from coursegate.tests.gate.seeded_patches import ALTERNATIVES, by_name, read_alternative, under

PATCHES = sorted(ALTERNATIVES.glob("*.patch"))


@cache
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the reference answers to everything that the alternatives are asked."""
    asked = {operation for patch in PATCHES for operation in read_alternative(patch).asks}
    return _seen(run_gate(tmp_path_factory.mktemp("reference"), *_only(asked)))


def test_there_are_alternatives() -> None:
    """The folder holds alternatives at all."""
    assert len(PATCHES) >= 8


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_header_speaks_of_what_exists(patch: Path) -> None:
    """The header of each patch names cells and operations that there are."""
    alternative, cells = read_alternative(patch), contract().access.cells

    assert set(alternative.asks) <= {cell.operation for cell in cells.values()}
    assert all(under(name, (f"access/{cell}" for cell in cells)) for name in alternative.seen)


@pytest.mark.parametrize("patch", by_name(PATCHES))
def test_alternative_stays_green(
    backend: Path, tmp_path: Path, reference: dict[str, str], patch: Path
) -> None:
    """A backend that keeps every promise in another way passes, although it answers otherwise where it says so."""
    alternative = read_alternative(patch)
    apply_patch(patch, backend)

    run = run_gate(tmp_path, *_only(alternative.asks), target=backend)

    assert run.code == 0, run.output
    other = [name for name, seen in _seen(run).items() if seen != reference[name]]
    assert bool(other) == bool(alternative.seen)
    assert all(under(name, other) for name in alternative.seen), other


def _only(operations: set[str] | tuple[str, ...]) -> list[str]:
    return ["--suite=access", *(f"--operation={operation}" for operation in sorted(operations))]


def _seen(run: GateRun) -> dict[str, str]:
    assert run.code == 0, run.output
    return {cell["id"]: cell["seen"] for cell in run.result["cells"]}
