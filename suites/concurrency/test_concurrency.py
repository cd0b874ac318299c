"""What the audit promises of two at once."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.concurrency.asking import Batch, ask
from coursegate.suites.concurrency.race import RaceCheck


def test_concurrency(
    check: RaceCheck, gate: Session, batch: Batch, conclude: Callable[[Judgement], None]
) -> None:
    """The backend keeps its promise when two ask at once."""
    conclude(judge(check, gate, lambda bound: ask(check, bound, batch)))
