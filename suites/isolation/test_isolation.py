"""Worlds that differ in what is hidden, and ids that are."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.isolation.asking import ask
from coursegate.suites.isolation.cases import IsolationCheck


def test_isolation(check: IsolationCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend answers the same, at the same cost, whatever is done to what the caller may not see."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
