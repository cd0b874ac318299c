"""A hidden id and one that never existed, asked with every verb: nothing may tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.universal import breakdowns
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.isolation.cases import IsolationCheck
from coursegate.suites.isolation.seeing import lasting_differences, seen_of_id

VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# Asked with a header that a cache sends: what there is may be answered without a body, or not at all.
CONDITIONS = {"If-None-Match": "*", "If-Modified-Since": "Fri, 31 Dec 2038 23:59:59 GMT"}
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def ask(check: IsolationCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask for both ids with every verb.

    Raises:
        CannotAsk: the subject was not built, the principal has no token, or nobody is shown what is hidden here.
    """
    assert check.cell is not None
    operation = bound.contract.api.operations[check.operation]
    _check_there(check.cell, bound)
    hidden, missing = (bound.client.request(check.cell, missing=missing) for missing in (False, True))
    ids = [bound.client.requested_ids(operation, check.cell, missing)[0] for missing in (False, True)]
    exchanges: list[Exchange] = []
    problems: list[Problem] = []
    for way in (*CONDITIONS, *VERBS):
        verb = "GET" if way in CONDITIONS else way
        headers = {way: CONDITIONS[way]} if way in CONDITIONS else {}
        body = _body(check.cell, verb, bound)
        asked = [
            replace(request, method=verb, body=body, headers={**request.headers, **headers})
            for request in (hidden, missing)
        ]
        first, second = (partial(seen_of_id, bound.target, *one) for one in zip(asked, ids, strict=True))
        unseen, missed = first(), second()
        exchanges += [Exchange(sight.request, sight.answer) for sight in (missed, unseen)]
        problems += breakdowns(unseen.answer, f"{check.operation} with {way}")
        problems += _problems(check, way, lasting_differences((first, second), (unseen, missed)))
    return exchanges, problems


def _check_there(hidden: Cell, bound: Bound) -> None:
    """Whether somebody for whom it is there gets it: what is missing to everybody is hidden from nobody.

    Raises:
        CannotAsk: they do not.
    """
    row = bound.contract.access.row(hidden)
    twin = bound.contract.access.cells.get(hidden.twin)
    allowed = next((cell for cell in row if cell.certain), twin)
    if allowed is None:
        return
    if allowed.id not in bound.statuses:
        request = bound.client.request(allowed)  # signing in writes: not inside the block that is undone
        with bound.target.undone():
            bound.statuses[allowed.id] = bound.target.send(request).status
    if (status := bound.statuses[allowed.id]) >= 400:
        raise CannotAsk(f"it is not shown to anybody: access/{allowed.id} is answered {status}")


def _problems(check: IsolationCheck, verb: str, found: list[tuple[str, str]]) -> Iterator[Problem]:
    for aspect, seen in found[:2]:
        yield Problem(
            Kind.LEAK,
            f"with {verb}, {check.principal} can tell {check.subject} from an id that never existed by {aspect}: {seen}",
            f"{check.operation} with {verb}: {aspect} tells a hidden id from a missing one",
        )


def _body(cell: Cell, verb: str, bound: Bound) -> Any:
    """What an allowed caller would send with this verb; nothing much where no operation takes it."""
    if verb not in _WITH_BODY:
        return None
    path = bound.contract.api.operations[cell.operation].path
    for operation in bound.contract.api.operations.values():
        if operation.path == path and operation.method == verb and operation.bodies:
            return bound.client.body(replace(cell, operation=operation.id, variant=""))
    return {}
