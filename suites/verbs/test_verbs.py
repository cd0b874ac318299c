"""Verbs and forms that the access table does not name."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.verbs.asking import ask
from coursegate.suites.verbs.cases import VerbCheck


def test_verbs(check: VerbCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend refuses verbs it does not list, and HEAD, OPTIONS and `.json` open nothing that GET keeps shut."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
