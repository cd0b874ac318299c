"""How each check of this room is asked, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.harness.checks import judge, samples
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.inventory import optional_operations
from coursegate.harness.observation import Exchange
from coursegate.harness.served_schema import served_by
from coursegate.harness.session import Bound, Session
from coursegate.harness.verdicts import Judgement, Kind, Problem, Verdict
from coursegate.suites.contract.agreement import (
    UNDESCRIBED,
    disagreements,
    invalidity,
    surplus_operations,
    undefined_security,
)
from coursegate.suites.contract.cases import About, ContractCheck


def verdict(check: ContractCheck, gate: Session) -> Judgement:
    """The verdict on a check; what is about the contract alone is judged whatever becomes of the target."""
    if check.about is not About.OURS:
        return judge(check, gate, lambda bound: ask(check, bound))
    problems = _of_document(check, gate.contract, gate.contract.api.document)
    if problems:
        return check.judged(
            Verdict.FAIL, "; ".join(problem.text for problem in problems), problem=problems[0]
        )
    return check.judged(Verdict.PASS)


def ask(check: ContractCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """What was asked for, if anything, and what is wrong.

    Raises:
        CannotAsk: there is no served schema that could be looked at; that is told by a check of its own.
        NotApplicable: the backend has no such operation, says so in its schema and by its methods, and may.
    """
    contract = bound.contract
    if check.about is About.OURS:
        return [], _of_document(check, contract, contract.api.document)
    served = served_by(bound)
    if check.aspect == "there":
        told = [_problem(check, served.fault)] if served.fault else []
        return served.exchanges, told
    if served.document is None:
        raise CannotAsk(f"nothing to compare: {served.fault}")
    if check.about is About.SERVED:
        return served.exchanges, _of_document(check, contract, served.document)
    operation = contract.api.operations[check.operation]
    texts = list(disagreements(operation, contract.api.document, served.document))
    if UNDESCRIBED in texts and _is_left_out(operation, bound):
        raise NotApplicable(f"{operation.method} is neither described nor allowed here, and may be absent")
    return served.exchanges, [_problem(check, text, operation.id) for text in texts]


def _is_left_out(operation: Operation, bound: Bound) -> bool:
    """Whether a method that a backend may lack is not among those that its path says it allows (RFC 9110, 10.2.1)."""
    if operation.id not in optional_operations(bound.contract):
        return False
    request = bound.client.request(samples(bound.contract)[operation.id])
    allowed = bound.target.send(replace(request, method="OPTIONS", body=None)).header("Allow")
    return bool(allowed) and operation.method not in re.split(r"[\s,]+", allowed.upper())


def _of_document(check: ContractCheck, contract: Contract, document: Mapping[str, Any]) -> list[Problem]:
    return [_problem(check, text) for text in _faults(check.aspect, contract, document)]


def _faults(aspect: str, contract: Contract, document: Mapping[str, Any]) -> Iterator[str]:
    if aspect == "valid" and (told := invalidity(document)):
        yield told
    elif aspect == "security":
        yield from undefined_security(document)
    elif aspect == "surplus":
        for name in surplus_operations(contract.api.document, document, contract.outside):
            yield f"{name} is served, but described by no operation of the contract"


def _problem(check: ContractCheck, text: str, what: str = "") -> Problem:
    return Problem(Kind.FORM, text, f"{what or check.subject}: {text}")
