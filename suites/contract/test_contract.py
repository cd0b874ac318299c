"""The contract, and what the backend says of itself."""

from __future__ import annotations

from collections.abc import Callable

from coursegate.harness.session import Session
from coursegate.harness.verdicts import Judgement
from coursegate.suites.contract.asking import verdict
from coursegate.suites.contract.cases import ContractCheck


def test_contract(check: ContractCheck, gate: Session, conclude: Callable[[Judgement], None]) -> None:
    """The backend serves a valid schema that agrees with the contract, operation by operation."""
    conclude(verdict(check, gate))
