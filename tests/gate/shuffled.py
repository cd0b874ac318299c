"""A pytest plugin for tests: the checks of a run in another order (`-p coursegate.tests.gate.shuffled --shuffle=N`)."""

from __future__ import annotations

import random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, required=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    random.Random(config.getoption("--shuffle")).shuffle(items)
