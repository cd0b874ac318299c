"""The contract, and a world as if it had been built."""

from __future__ import annotations

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import imagined_world


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def world(contract: Contract) -> World:
    return imagined_world(contract)
