"""A time limit that even a swallowed exception or a lock taken twice does not outlive."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# How often what was cut off may catch that and go on, a second each time, before it is given up for good.
MOST_CAUGHT = 5
# How it is told, wherever a limit was passed.
UNFINISHED = "not done after"
GiveUp = Callable[[list[traceback.FrameSummary]], None]


class TimeLimitExceeded(BaseException):
    """Raised inside the code that took too long. No `Exception`, so that `except Exception` lets it through.

    Attributes:
        stack: the frames the code stood in, outermost first.
    """

    def __init__(self, seconds: float, stack: list[traceback.FrameSummary]) -> None:
        self.seconds, self.stack = seconds, stack
        super().__init__(f"{UNFINISHED} {seconds:g} s")


@contextmanager
def deadline(seconds: float, give_up: GiveUp | None = None) -> Iterator[None]:
    """Raise `TimeLimitExceeded` in the block when it runs longer; again every second, should it be caught there.

    Works in the main thread only, where signals arrive; elsewhere the block runs without a limit. A limit around it goes
    on once it is left.

    Args:
        give_up: called with the stack when the block has caught that `MOST_CAUGHT` times and still runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    raised = 0

    def expire(_signum: int, frame: FrameType | None) -> None:
        nonlocal raised
        raised += 1
        stack = list(traceback.extract_stack(frame))
        if give_up is not None and raised > MOST_CAUGHT:
            give_up(stack)
        raise TimeLimitExceeded(seconds, stack)

    previous = signal.signal(signal.SIGALRM, expire)
    started = time.monotonic()
    outer, interval = signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if outer:
            left = outer - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), interval)
