"""Credentials that are worth nothing."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.credentials.asking import ask
from coursegate.suites.credentials.cases import CredentialCheck


def test_credentials(check: CredentialCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend answers 401 to tokens that are forged, expired, of another kind or of nobody, and writes nothing."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
