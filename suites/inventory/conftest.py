"""The inventory suite's own: one case per operation of the contract, and per route that none of them describes."""

from __future__ import annotations

import pytest

from coursegate.harness.session import INVENTORY


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "line" in metafunc.fixturenames:
        lines = metafunc.config.stash[INVENTORY]
        metafunc.parametrize("line", lines.values(), ids=lines.keys())
