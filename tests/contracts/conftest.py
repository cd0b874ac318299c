"""The contract as it stands."""

from __future__ import annotations

import pytest

from coursegate.contracts.contract import Contract, load_contract


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()
