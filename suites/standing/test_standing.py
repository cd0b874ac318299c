"""What somebody may do, asked before and after it has changed."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.standing.asking import ask
from coursegate.suites.standing.cases import StandingCheck


def test_standing(check: StandingCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend answers as the table says from the very next request after somebody's standing has changed."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
