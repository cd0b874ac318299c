"""Bodies that name more than they may set."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.overposting.asking import ask
from coursegate.suites.overposting.cases import OverpostCheck


def test_overposting(check: OverpostCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend ignores or refuses owners, tiers, roles and states that a body names but may not set."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
