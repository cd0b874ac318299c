"""Stored files, asked for past the API."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.checks import judge
from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.files.asking import ask
from coursegate.suites.files.cases import FileCheck


def test_files(check: FileCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend hands a stored file to nobody for whom its row is closed, not even at the file's own address."""
    conclude(judge(check, gate, lambda bound: ask(check, bound)))
