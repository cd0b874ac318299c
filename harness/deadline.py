"""A time limit that even a swallowed exception or a lock taken twice does not outlive."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeLimitExceeded(BaseException):
    """Raised inside the code that took too long. No `Exception`, so that `except Exception` lets it through.

    Attributes:
        stack: the frames the code stood in, outermost first.
    """

    def __init__(self, seconds: float, stack: list[traceback.FrameSummary]) -> None:
        self.seconds, self.stack = seconds, stack
        super().__init__(f"not done after {seconds:g} s")


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `TimeLimitExceeded` in the block when it runs longer; again every second, should it be caught there.

    Works in the main thread only, where signals arrive; elsewhere the block runs without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(_signum: int, frame: FrameType | None) -> None:
        raise TimeLimitExceeded(seconds, list(traceback.extract_stack(frame)))

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
