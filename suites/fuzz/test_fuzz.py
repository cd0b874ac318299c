"""Requests that nobody thought of."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.fuzz.asking import ask
from coursegate.suites.fuzz.cases import FuzzCheck


def test_fuzz(check: FuzzCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend answers odd requests as described, to everybody what is theirs, and refuses without writing."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
