"""The room's own: one case per check."""

from __future__ import annotations

import pytest

from coursegate.harness.session import CONTRACT
from coursegate.suites.verbs.cases import checks


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "check" in metafunc.fixturenames:
        found = checks(metafunc.config.stash[CONTRACT])
        metafunc.parametrize("check", found, ids=[check.id for check in found])
