"""A life that breaks a promise is told by its steps, also where the same steps do not break it each time."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest
from hypothesis.stateful import rule

from coursegate.harness.client import CannotAsk
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.lifecycle import asking
from coursegate.suites.lifecycle.cases import LEARNING, LifecycleCheck
from coursegate.suites.lifecycle.machine import Life


def _of_times(kept: int, broken: int, unasked: int = 0) -> type[Life]:
    """A life of one step that is kept, then broken, then cannot be taken, so many times; then kept for ever."""

    class Steps(Life):
        operation = "courses.enroll"
        taken: ClassVar[int] = 0

        @rule()
        def enrol(self) -> None:
            type(self).taken += 1
            self.step("enrol")
            if kept + broken < self.taken <= kept + broken + unasked:
                raise CannotAsk("it is not there")
            self.expect(not kept < self.taken <= kept + broken, "no enrolment is left")

    return Steps


def _problems(life: type[Life], monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    monkeypatch.setattr(asking, "check_undoes", lambda _: None)
    monkeypatch.setattr(asking, "_lives", lambda: {LEARNING: life})
    bound: Any = SimpleNamespace(
        target=SimpleNamespace(undone=nullcontext),
        client=SimpleNamespace(sign_in=lambda _: ""),
        profile=SimpleNamespace(is_nightly=False),
    )
    check: Any = SimpleNamespace(life=LEARNING)
    return asking.ask(cast("LifecycleCheck", check), cast("Bound", bound))[1]


def test_promise_that_is_kept_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """A life without a broken promise has no problem."""
    assert _problems(_of_times(0, 0), monkeypatch) == []


def test_fewest_steps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that is broken at every step is told by the first one, however many were taken."""
    (problem,) = _problems(_of_times(0, 10**6), monkeypatch)

    assert problem.text == "no enrolment is left (after: enrol)"


def test_promise_that_is_broken_once_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the same steps do not break again has been broken all the same."""
    (problem,) = _problems(_of_times(2, 1), monkeypatch)

    assert problem.text.startswith("no enrolment is left (after: enrol")
    assert problem.text.endswith("; not so each time)")


def test_step_that_cannot_be_taken_once_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that cannot be taken the first time says so, and not that the steps are unreliable."""
    with pytest.raises(CannotAsk, match="it is not there"):
        _problems(_of_times(2, 0, 1), monkeypatch)
