"""The inventory suite's own: one case per operation of the contract, and per route that none of them describes."""

from __future__ import annotations

import pytest

from coursegate.harness.session import INVENTORY, SELECTION


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "line" in metafunc.fixturenames:
        selection = metafunc.config.stash[SELECTION]
        lines = [
            line
            for line in metafunc.config.stash[INVENTORY].values()
            if selection.wants(line.id, line.operation.id if line.operation else "")
        ]
        metafunc.parametrize("line", lines, ids=[line.id for line in lines])
