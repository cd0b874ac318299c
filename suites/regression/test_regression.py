"""The findings of the audit, check by check."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.regression.asking import verdict
from coursegate.suites.regression.finding import RegressionCheck


def test_regression(check: RegressionCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend has what the finding asked for."""
    conclude(verdict(check, gate))
