"""A pytest plugin for tests: only the cells that a file names (`-p coursegate.tests.gate.chosen --chosen=FILE`)."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chosen", type=Path, required=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    names = {f"test_access[{name}]" for name in config.getoption("--chosen").read_text("utf-8").splitlines()}
    config.hook.pytest_deselected(items=[item for item in items if item.name not in names])
    items[:] = [item for item in items if item.name in names]
