"""Ctrl-C and SIGTERM in a run: it ends early, and still says what it has found."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

SIGNALS = (signal.SIGINT, signal.SIGTERM)
# A terminal sends to all processes at once what the first of them passes on: one wish, told twice.
SAME_WISH_S = 2.0


class Interrupts:
    """A plugin object of the first process, and its handler of both signals: the first raises KeyboardInterrupt.

    Another that comes later raises again: a target may have caught the first.
    """

    def __init__(self) -> None:
        self._last = float("-inf")

    def install(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self)

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last < SAME_WISH_S:
            return
        self._last = now
        raise KeyboardInterrupt

    def pytest_runtest_logstart(self) -> None:
        """Where a target, or Python itself, has swallowed the interrupt, the run ends before its next check."""
        if self._last > float("-inf"):
            raise KeyboardInterrupt

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """What was interrupted on its way into a `with` stands at no line (CPython 3.11): pytest could not tell of it."""
        excinfo.traceback = excinfo.traceback.filter(_has_line)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Iterator[None]:
        """Nothing interrupts what closes a run: its workers, JUnit's file, the reports, the summary."""
        before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
        try:
            return (yield)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _has_line(entry: Any) -> bool:
    try:
        return bool(entry.lineno >= 0)
    except TypeError:
        return False
