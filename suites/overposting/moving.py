"""Bodies that move a row below a parent that is not the caller's to choose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursegate.harness.asking import Observer
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.evidence import Evidence, changed
from coursegate.harness.judging.universal import breakdowns
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.overposting.cases import MoveCheck
from coursegate.suites.overposting.exceeding import allowed, sent_with


def ask(check: MoveCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Name each parent by both of its usual keys, and where that is refused by one at a time.

    Raises:
        CannotAsk: the body as it is does not succeed, or no parent was built.
    """
    observer = Observer(bound.client)
    plain = allowed(check, observer)
    exchanges, problems = list(plain.pages), list[Problem]()
    for parent in check.into:
        if reason := bound.world.why_missing(parent):
            raise CannotAsk(f"{parent} is not there: {reason}")
        for evidence in _sent(check, bound.world.ids[parent], observer):
            exchanges += evidence.pages
            problems += breakdowns(evidence.answer, check.operation)
            problems += _moved(check, parent, evidence)
    return exchanges, problems


def _sent(check: MoveCheck, key: Any, observer: Observer) -> Iterator[Evidence]:
    keys = (f"{check.column}_id", check.column)
    both = sent_with(check, dict.fromkeys(keys, key), observer, overrides=True)
    yield both
    if 400 <= both.answer.status < 500:
        for name in keys:
            yield sent_with(check, {name: key}, observer, overrides=True)


def _moved(check: MoveCheck, parent: str, evidence: Evidence) -> Iterator[Problem]:
    column = f"{check.column}_id"
    columns = changed(evidence.before, evidence.after)
    if column in columns and (evidence.after or {}).get(column) == evidence.world.ids[parent]:
        yield Problem(
            Kind.EFFECT,
            f"{check.principal} moved {check.subject} into {parent}",
            f"{check.operation} moves {evidence.operation.model} below a {check.column} that is not the caller's to choose",
        )
    elif evidence.answer.status >= 400 and columns:
        yield Problem(
            Kind.EFFECT,
            f"{check.principal} was refused, but changed {', '.join(sorted(columns))} of {check.subject}",
            f"{check.operation} writes what it refuses",
        )
