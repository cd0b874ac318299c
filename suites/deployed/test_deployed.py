"""What is promised of a backend that is served by several processes."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.deployed.asking import ask
from coursegate.suites.deployed.promise import DeployedCheck


def test_deployed(check: DeployedCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend keeps its promise as it is deployed."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
