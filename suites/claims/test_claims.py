"""Tiers, roles and rights that a caller merely claims."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.claims.asking import ask
from coursegate.suites.claims.cases import ClaimCheck


def test_claims(check: ClaimCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend takes a caller's level from its own records alone, whatever headers and parameters say."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
