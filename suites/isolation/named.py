"""A hidden object that a parameter or a body names, and one that never existed: nothing may tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from coursegate.contracts.openapi import NEVER_EXISTED
from coursegate.harness.client import CannotAsk, NotApplicable, rows_of
from coursegate.harness.judging.universal import breakdowns
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.isolation.cases import IsolationCheck
from coursegate.suites.isolation.namings import Naming
from coursegate.suites.isolation.seeing import Sight, lasting_differences, look, seen_of_id


def ask(check: IsolationCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Name the hidden object, one that never existed, and one that is there for everybody.

    Raises:
        CannotAsk: one of the objects was not built, the principal has no token, or even the open one is refused.
        NotApplicable: the backend does not heed the parameter, which the contract does not know.
    """
    naming = check.naming
    assert check.cell is not None
    assert naming is not None
    request = bound.client.request(check.cell)
    named = (_value(naming, naming.hidden, bound), NEVER_EXISTED[naming.attribute])
    asked = [(bound.target, _naming(request, naming, value), value) for value in named]
    first, second = (partial(seen_of_id, *one) for one in asked)
    hidden, missing = first(), second()
    found = lasting_differences((first, second), (hidden, missing))
    with bound.target.undone():
        shown = look(bound.target, _naming(request, naming, _value(naming, naming.open, bound)))
    broken = [
        problem for sight in (hidden, missing, shown) for problem in breakdowns(sight.answer, check.operation)
    ]
    if not broken:
        broken = list(_unheeded(check, naming, shown, missing))
    problems = [*_problems(check, naming, found), *broken]
    return [Exchange(sight.request, sight.answer) for sight in (hidden, shown, missing)], problems


def _value(naming: Naming, name: str, bound: Bound) -> str:
    if reason := bound.world.why_missing(name):
        raise CannotAsk(f"{name} is not there: {reason}")
    return bound.world.lookups[name].get(naming.attribute, name)


def _naming(request: Request, naming: Naming, value: str) -> Request:
    if not naming.in_body:
        return request.asking(f"{naming.key}={value}")
    key: Any = int(value) if value.isdigit() else value
    return replace(request, body={**(request.body or {}), naming.key: key})


def _unheeded(check: IsolationCheck, naming: Naming, shown: Sight, missing: Sight) -> Iterator[Problem]:
    """What is open is let through; of a filter, it finds other rows than what never existed."""
    status = shown.answer.status
    if status >= 400 and (naming.in_body or naming.promised):
        raise CannotAsk(f"{naming.key} of {naming.open} is refused as well: {shown.answer.summary}")
    if naming.in_body or (status < 400 and rows_of(shown.answer) != rows_of(missing.answer)):
        return
    if not naming.promised:
        raise NotApplicable(f"{check.operation} does not heed {naming.key}")
    yield Problem(
        Kind.FORM,
        f"{naming.key} of {naming.open} finds what that of nothing finds",
        f"{check.operation} does not heed {naming.key}",
    )


def _problems(check: IsolationCheck, naming: Naming, found: list[tuple[str, str]]) -> Iterator[Problem]:
    for aspect, seen in found[:2]:
        yield Problem(
            Kind.LEAK,
            f"{check.principal} can tell {naming.hidden}, as {naming.key}, from one that never existed by {aspect}: {seen}",
            f"{check.operation}: {aspect} tells what is hidden, as {naming.key}, from what is missing",
        )
