"""Bodies that name the caller's own row and one of somebody else's, before it or after it; or where an own row would go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from coursegate.contracts.openapi import NEVER_EXISTED
from coursegate.harness.asking import Observer
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.evidence import changed
from coursegate.harness.judging.likeness import difference
from coursegate.harness.judging.universal import breakdowns
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.overposting.cases import PARENTS, MixCheck
from coursegate.suites.overposting.exceeding import allowed

Items = list[dict[str, Any]]


def ask(check: MixCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Name own and foreign rows in either order: refused, and no row changed; what is hidden, as what never existed. Then
    name another parent for the own row: it stays where it is.

    Raises:
        CannotAsk: the own row alone is refused, or a foreign one was not built.
    """
    plain = allowed(check, Observer(bound.client))
    request = plain.pages[0].request
    (item,) = request.body["items"]
    exchanges, problems = list(plain.pages), list[Problem]()
    for foreign in check.foreign:
        other = {**item, "id": _key(foreign, bound)}
        for items in ([item, other], [other, item]):
            seen = _send(check, request, items, bound, foreign)
            exchanges.append(seen[0])
            problems += [*seen[1], *_refused(check, seen[0].answer, foreign)]
        problems += _told_apart(check, request, item, foreign, exchanges[-2].answer, bound)
    column, parents = PARENTS[plain.operation.model]
    for parent in parents:
        moved = {**item, column: _key(parent, bound), f"{column}_id": _key(parent, bound)}
        for body in (moved, {**item, column: moved[column]}, {**item, f"{column}_id": moved[column]}):
            seen = _send(check, request, [body], bound, column=f"{column}_id")
            exchanges.append(seen[0])
            problems += seen[1]
    return exchanges, problems


def _key(name: str, bound: Bound) -> Any:
    if reason := bound.world.why_missing(name):
        raise CannotAsk(f"{name} is not there: {reason}")
    return bound.world.ids[name]


def _send(
    check: MixCheck, request: Request, items: Items, bound: Bound, foreign: str = "", column: str = ""
) -> tuple[Exchange, list[Problem]]:
    """The answer, and what it changed of its own row and the foreign one; of `column` alone where that is named."""
    model = bound.contract.api.operations[check.operation].model
    names = [check.subject, *([foreign] if foreign else [])]
    sent = replace(request, body={**request.body, "items": items})
    with bound.target.undone():
        before = [bound.target.row(model, bound.world.ids[name]) for name in names]
        answer = bound.target.send(sent)
        after = [bound.target.row(model, bound.world.ids[name]) for name in names]
    problems = list(breakdowns(answer, check.operation))
    for name, old, new in zip(names, before, after, strict=True):
        columns = changed(old, new)
        if (column in columns) if column else columns:
            what = column or ", ".join(sorted(columns))
            with_whom = f" together with {foreign}" if foreign else ""
            problems.append(
                Problem(
                    Kind.EFFECT,
                    f"{check.principal} {'moved' if column else 'changed'} {what} of {name}{with_whom}",
                    f"{check.operation} writes {'where a row hangs' if column else 'beside a row it must refuse'}",
                )
            )
    return Exchange(sent, answer), problems


def _refused(check: MixCheck, answer: Answer, foreign: str) -> Iterator[Problem]:
    if answer.status < 400 and not answer.hang:
        yield Problem(
            Kind.FORM,
            f"expected a refusal of {foreign} beside an own row, saw {answer.summary}",
            f"{check.operation} accepts a list that names a row of somebody else's",
        )


def _told_apart(
    check: MixCheck, request: Request, item: dict[str, Any], foreign: str, answer: Answer, bound: Bound
) -> Iterator[Problem]:
    """What is hidden is refused as what never existed."""
    if answer.status < 400 or check.principal in bound.world.contract.objects[foreign].exists:
        return
    missing = NEVER_EXISTED["pk"]
    items = [item, {**item, "id": int(missing)}]

    def control() -> Answer:
        with bound.target.undone():
            return bound.target.send(replace(request, body={**request.body, "items": items}))

    if differs := difference(answer, control(), (str(bound.world.ids[foreign]), missing), control):
        yield Problem(
            Kind.LEAK,
            f"beside an own row, {foreign} is told from what never existed: {differs}",
            f"{check.operation}: a hidden id beside an own one can be told from a missing one",
        )
