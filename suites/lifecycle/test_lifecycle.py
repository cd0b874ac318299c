"""Whole lives, step by step."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.lifecycle.asking import ask
from coursegate.suites.lifecycle.cases import LifecycleCheck


def test_lifecycle(check: LifecycleCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend keeps its promises at every step of a life, in whatever order the steps are taken."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
