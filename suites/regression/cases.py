"""The checks of this room: every marked function of its files, one file per audited source file."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path

import pytest

from coursegate.contracts.contract import Contract
from coursegate.suites.regression.finding import MARKED, RegressionCheck, checks_of

# What this room needs besides the files of its checks.
_APART = frozenset(
    {
        "__init__",
        "asking",
        "cases",
        "finding",
        "growing",
        "learning",
        "lesson_writes",
        "marks_of_tests",
        "mixin_serializers",
        "played_clouds",
        "starting",
        "storage_later",
        "test_regression",
    }
)


def checks(_contract: Contract) -> list[RegressionCheck]:
    return _all()


@cache
def _all() -> list[RegressionCheck]:
    found = (path.stem for path in sorted(Path(__file__).parent.glob("*.py")))
    modules = [f"coursegate.suites.regression.{name}" for name in found if name not in _APART]
    # Their functions are no tests, but what they assert is to be told as in one. All before the first is imported: some
    # import another.
    pytest.register_assert_rewrite(*(module for module in modules if module not in sys.modules))
    for module in modules:
        importlib.import_module(module)
    return checks_of(MARKED)
