"""Which races this run asks for: they are run together, by one process."""

from __future__ import annotations

import pytest

from coursegate.suites.concurrency.asking import Batch
from coursegate.suites.concurrency.race import RaceCheck


@pytest.fixture(scope="session")
def batch(request: pytest.FixtureRequest) -> Batch:
    """Every race of the run, whichever worker it falls to."""
    params = (item.callspec.params for item in request.session.items if hasattr(item, "callspec"))
    found = [given["check"].id for given in params if isinstance(given.get("check"), RaceCheck)]
    return Batch(tuple(found))
