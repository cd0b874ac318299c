"""A time limit holds against everything a target may do with it."""

from __future__ import annotations

import threading
import time
import traceback

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


def test_inner_limit_leaves_the_outer_one_standing() -> None:
    """A limit goes on after one that was set and left within it."""

    def work() -> None:
        with deadline(5):
            pass
        time.sleep(5)

    with pytest.raises(TimeLimitExceeded) as cut, deadline(0.3):
        work()

    assert cut.value.seconds == 0.3


def test_what_catches_its_limit_for_ever_is_given_up() -> None:
    """Code that catches every cut and goes on is handed to whoever ends its process, with where it stands."""

    class GivenUp(BaseException):
        pass

    def give_up(stack: list[traceback.FrameSummary]) -> None:
        raise GivenUp(stack[-1].filename)

    def obstinate() -> None:
        while True:
            try:
                time.sleep(10)
            except TimeLimitExceeded:
                continue

    with pytest.raises(GivenUp, match=r"test_deadline\.py"), deadline(0.1, give_up):
        obstinate()
