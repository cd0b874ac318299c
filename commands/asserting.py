"""A block of ours run as pytest runs a test: a bare assertion of a check then says what it compared, as it does in a run."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from coursegate.commands.places import ROOT

# Nothing is read from anywhere, no plugin of the environment takes part, and nothing is printed but what the block prints.
_ALONE = ("cacheprovider", "logging", "terminal", "warnings")
_OPTIONS = (
    *("-c", os.devnull, f"--rootdir={ROOT}", "--capture=no", "--disable-plugin-autoload"),
    *("-o", "verbosity_assertions=2"),  # compared in full: there is one check to read about
    *(word for name in _ALONE for word in ("-p", f"no:{name}")),
)


def explained(block: Callable[[], int]) -> int:
    """What the block returns; whatever it raises is raised here. Checks that it loads itself have their assertions explained.

    Raises:
        KeyboardInterrupt: somebody has interrupted it.
    """
    only = _Only(block)
    os.environ.pop("PYTEST_ADDOPTS", None)
    pytest.main(list(_OPTIONS), plugins=[only])
    if only.broken is not None:
        raise only.broken
    if only.code is None:
        raise KeyboardInterrupt
    return only.code


class _Only:
    """A plugin that gives pytest one test, and keeps how it ends."""

    def __init__(self, block: Callable[[], int]) -> None:
        self.block = block
        self.code: int | None = None
        self.broken: Exception | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        only: _Block = _Block.from_parent(session, name="block")
        only.run = self.run
        session.items = [only]
        session.testscollected = 1
        return True

    def run(self) -> None:
        try:
            self.code = self.block()
        except Exception as broken:
            self.broken = broken


class _Block(pytest.Item):
    """The one test."""

    run: Callable[[], None]

    def runtest(self) -> None:
        self.run()
