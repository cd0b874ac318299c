"""A life that breaks a promise is told by its steps, also where the same steps do not break it each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest
from hypothesis.stateful import rule

from coursegate.contracts.contract import load_contract
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Answer
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


def _problems(
    life: type[Life], monkeypatch: pytest.MonkeyPatch, undone: Any = nullcontext, answer: Answer | None = None
) -> list[Problem]:
    monkeypatch.setattr(asking, "check_undoes", lambda _: None)
    monkeypatch.setattr(asking, "_lives", lambda: {LEARNING: life})
    contract = load_contract()
    bound: Any = SimpleNamespace(
        target=SimpleNamespace(undone=undone, send=lambda _: answer),
        client=SimpleNamespace(sign_in=lambda _: ""),
        contract=contract,
        world=SimpleNamespace(accounts={}, planted={}, contract=contract.world),
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


def test_life_that_is_broken_before_its_first_step_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be looked at in the beginning is told, and the block that is undone does not stay open."""
    blocks: list[str] = []

    @contextmanager
    def undone() -> Iterator[None]:
        blocks.append("begun")
        try:
            yield
        finally:
            blocks.append("undone")

    class Lost(Life):
        operation = "courses.enroll"

        def prepare(self) -> None:
            self.expect(False, "there is no list of certificates")

        @rule()
        def wait(self) -> None:
            self.step("wait")

    (problem,) = _problems(Lost, monkeypatch, undone)

    assert problem.text == "there is no list of certificates (after: nothing)"
    assert blocks == ["begun", "undone"] * (len(blocks) // 2) != []


ROWS = {
    b'{"results": [{"id": 1}]}': "a row of enrollments.list has no status",
    b'{"results": 5}': "",
    b"[]": "",
    b'"text"': "",
}


@pytest.mark.parametrize(("body", "told"), ROWS.items())
def test_rows_without_their_keys_are_told(monkeypatch: pytest.MonkeyPatch, body: bytes, told: str) -> None:
    """A list whose rows lack what a life goes by breaks its promise; what is no list has no rows."""

    class Reading(Life):
        operation = "courses.enroll"
        changing = ("guest",)  # no leak is looked for: there is no world

        @rule()
        def read(self) -> None:
            assert self.rows("enrollments.list", "guest", ("status",)) == []

    problems = _problems(Reading, monkeypatch, answer=Answer(200, {"Content-Type": "application/json"}, body))

    assert [problem.text.partition(" (after")[0] for problem in problems] == [told] * bool(told)
