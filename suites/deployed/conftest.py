"""The stage of this room ends before the services that it stands on do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coursegate.suites.deployed import asking


@pytest.fixture(scope="session", autouse=True)
def ended_with_the_run() -> Iterator[None]:
    yield
    asking.close()
