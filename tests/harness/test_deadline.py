"""A time limit holds against everything a target may do with it."""

from __future__ import annotations

import threading
import time

import pytest

from coursegate.harness.deadline import TimeLimitExceeded, deadline


def test_sleeping_code_is_cut_off() -> None:
    """Code that sleeps past its limit is ended, and says where it stood."""
    with pytest.raises(TimeLimitExceeded) as cut, deadline(0.05):
        time.sleep(5)

    assert cut.value.stack[-1].name == "test_sleeping_code_is_cut_off"


def test_lock_taken_twice_is_cut_off() -> None:
    """A thread that waits for itself is ended."""
    lock = threading.Lock()
    with lock, pytest.raises(TimeLimitExceeded), deadline(0.05):
        lock.acquire()


def test_except_exception_does_not_catch_it() -> None:
    """`except Exception` in the code under the limit does not turn the cut into an answer."""

    def careless() -> None:
        try:
            time.sleep(5)
        except Exception:
            pytest.fail("the limit was swallowed")

    with pytest.raises(TimeLimitExceeded), deadline(0.05):
        careless()


def test_bare_except_only_delays_it() -> None:
    """Code that swallows even that is cut off again."""

    def stubborn() -> None:
        for _ in range(2):
            try:
                time.sleep(5)
            except BaseException:
                continue
        time.sleep(5)

    with pytest.raises(TimeLimitExceeded), deadline(0.05):
        stubborn()


def test_quick_code_is_left_alone() -> None:
    """Code within its limit runs through, and no alarm goes off after it."""
    with deadline(0.05):
        value = 1

    time.sleep(0.1)
    assert value == 1
