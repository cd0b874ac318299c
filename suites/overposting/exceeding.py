"""A body with a surplus, and what it set that a body without did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursegate.harness.asking import Observer
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
    """Send the body as it is and then with a surplus, and compare the rows. What is refused as a whole is sent again one
    key at a time: a key that is refused would otherwise hide another that is not.

    Raises:
        CannotAsk: the body as it is does not succeed, or no row of it can be seen.
    """
    observer = Observer(bound.client)
    plain = allowed(check, observer)
    if not _row(plain):
        raise CannotAsk(f"{check.cell.id} succeeds, but leaves no row to be seen")
    operation = plain.operation
    extra = surplus(operation, operation.creates or operation.model, check.subject, bound.world)
    seen = [sent_with(check, extra, observer)]
    if 400 <= seen[0].answer.status < 500:
        seen += [sent_with(check, {name: value}, observer) for name, value in extra.items()]
    problems = [
        problem
        for evidence in seen
        for problem in (
            *breakdowns(evidence.answer, check.operation),
            *_overreach(check, plain, evidence, extra),
        )
    ]
    return [*plain.pages, *(page for evidence in reversed(seen) for page in evidence.pages)], problems


def allowed(check: OverpostCheck, observer: Observer) -> Evidence:
    """What the body as it is leaves behind.

    Raises:
        CannotAsk: it is broken without any surplus.
    """
    plain = observer.write(check.cell)
    if broken := problems_of(plain):
        raise CannotAsk(f"{check.cell.id} is broken without any surplus: {broken[0].text}")
    return plain


def sent_with(
    check: OverpostCheck, extra: Mapping[str, Any], observer: Observer, *, overrides: bool = False
) -> Evidence:
    """The cell with more in its body, whose own keys go first unless they are overridden."""
    # What is used up by the first asking (a refresh token) is made anew with the request.
    request = observer.client.request(check.cell)
    own = request.body if isinstance(request.body, dict) else {}
    body = {**own, **extra} if overrides else {**extra, **own}
    return observer.write(check.cell, sent=replace(request, body=body))


def _row(evidence: Evidence) -> dict[str, Any]:
    """What is stored; of a row that was there already as much of it as the answer shows."""
    shown = evidence.answer.json
    stored = evidence.added[0] if evidence.added else evidence.after
    return stored or (shown if isinstance(shown, dict) else {})


def _overreach(
    check: OverpostCheck, plain: Evidence, seen: Evidence, extra: Mapping[str, Any]
) -> Iterator[Problem]:
    """Columns named by the surplus that differ from what the body alone leaves behind."""
    without, with_surplus = _row(plain), _row(seen)
    if seen.answer.status >= 400:
        return
    for name in extra:
        for column in columns_of(name):
            if column in with_surplus and with_surplus[column] != without.get(column):
                model = plain.operation.creates or plain.operation.model
                yield Problem(
                    Kind.EFFECT,
                    f"{check.principal} set {column} to {with_surplus[column]!r} by naming {name} in the body",
                    f"{check.operation} lets the request write {model}.{column}",
                )
