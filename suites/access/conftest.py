"""The access suite's own: one case per cell, and the sweep that asks them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coursegate.contracts.access import Cell
from coursegate.harness.judging.verdict import judgement
from coursegate.harness.session import CONTRACT, SELECTION, Session
from coursegate.harness.verdicts import Judgement, Verdict
from coursegate.suites.access.sweep import Sweep


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cell" in metafunc.fixturenames:
        selection = metafunc.config.stash[SELECTION]
        cells = [
            cell
            for cell in metafunc.config.stash[CONTRACT].access.cells.values()
            if selection.wants(f"access/{cell.id}", cell.operation, cell.principal, cell.sources)
        ]
        metafunc.parametrize("cell", cells, ids=[cell.id for cell in cells])


@pytest.fixture(scope="session")
def judge(gate: Session, request: pytest.FixtureRequest) -> Callable[[Cell], Judgement]:
    """The verdict on a cell; `blocked` for all of them where the target cannot be asked."""
    if gate.bound is None:
        return lambda cell: judgement(cell, None, Verdict.BLOCKED, [], gate.blocked)
    callspecs = (getattr(item, "callspec", None) for item in request.session.items)
    planned = [callspec.params["cell"] for callspec in callspecs if callspec and "cell" in callspec.params]
    sweep = Sweep(gate.bound.client, planned)

    def verdict(cell: Cell) -> Judgement:
        if unasked := gate.unasked(cell.operation):
            return judgement(cell, None, unasked[0], [], unasked[1])
        return sweep.judge(cell)

    return verdict
