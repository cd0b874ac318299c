"""What lies outside of the contract."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.outside.asking import ask
from coursegate.suites.outside.cases import OutsideCheck


def test_outside(check: OutsideCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend shows nobody what is not theirs on its other routes either, and lacks what it says it lacks."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
