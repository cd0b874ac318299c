"""How a body with a surplus is sent, and what it set that a body without did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursegate.harness.asking import Observer, check_undoes
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.universal import breakdowns
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.overposting.cases import OverpostCheck
from coursegate.suites.overposting.surplus import columns_of, surplus


def ask(check: OverpostCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Send the body as it is and then with a surplus, and compare the rows; nothing of either stays in the target.

    Raises:
        CannotAsk: the body as it is does not succeed: then nothing is shown.
        CannotAssess: what is written cannot be undone on this target.
    """
    check_undoes(bound)
    observer = Observer(bound.client)
    plain = observer.write(check.cell)
    if broken := problems_of(plain):
        raise CannotAsk(f"{check.cell.id} is broken without any surplus: {broken[0].text}")
    request, operation = plain.pages[0].request, plain.operation
    extra = surplus(operation, operation.creates or operation.model, check.subject, bound.world)
    body = {**extra, **(request.body if isinstance(request.body, dict) else {})}
    # What is used up by the first asking (a refresh token) is made anew with the request.
    seen = observer.write(check.cell, sent=replace(bound.client.request(check.cell), body=body))
    problems = [*breakdowns(seen.answer, check.operation), *_overreach(check, plain, seen, extra)]
    return [*plain.pages, *seen.pages], problems


def _overreach(
    check: OverpostCheck, plain: Evidence, seen: Evidence, extra: Mapping[str, Any]
) -> Iterator[Problem]:
    """Columns named by the surplus that differ from what the body alone leaves behind."""
    rows = [(evidence.added[0] if evidence.added else evidence.after) or {} for evidence in (plain, seen)]
    if seen.answer.status >= 400 or not all(rows):
        return
    without, with_surplus = rows
    for name in extra:
        for column in columns_of(name):
            if column in with_surplus and with_surplus[column] != without.get(column):
                model = plain.operation.creates or plain.operation.model
                yield Problem(
                    Kind.EFFECT,
                    f"{check.principal} set {column} to {with_surplus[column]!r} by naming {name} in the body",
                    f"{check.operation} lets the request write {model}.{column}",
                )
