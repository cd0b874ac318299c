"""Bodies that name what their caller would have to pay for, or to be given; and what is open to the caller afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.contracts.world import GUEST, USER
from coursegate.harness.client import TOKEN_PATH, CannotAsk, NotApplicable, token_of
from coursegate.harness.judging.universal import Asked, breakdowns, leaks
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.overposting.cases import RaiseCheck

_PAID = {"tier": "premium", "status": "active", "end_date": "2099-01-01T00:00:00Z"}
# Whatever tables they are kept in, one of these makes a reader of everything.
RAISES: Mapping[str, Any] = {
    **_PAID,
    "subscription": _PAID,
    "subscription_tier": "premium",
    "access_level": "premium",
    "role": "instructor",
    "is_staff": True,
    "is_superuser": True,
}
# What is closed to whoever has not paid, and the one who shows that it is there.
_CLOSED = "lessons.retrieve/lesson-premium/premium"


def ask(check: RaiseCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Send all that raises at once, and where that is refused one after the other; after each success ask, in the state
    that it leaves, for what is closed.

    Raises:
        CannotAsk: what is closed is closed to a payer too; or nobody can sign in.
        NotApplicable: it is open to the caller anyway, so that no body could open it.
    """
    client = bound.client
    closed = bound.contract.access.cells[_CLOSED]
    if not any(_opened(check, client.send(closed), bound)):
        raise CannotAsk(f"{_CLOSED} shows nothing that could be opened")
    request = client.request(check.cell)  # signing in writes too: not inside the block that is undone
    own = request.body if isinstance(request.body, dict) else {}
    together = replace(request, body={**RAISES, **own})
    exchanges, problems = _asked(check, together, closed, bound)
    if 400 <= exchanges[0].answer.status < 500:
        for name, value in RAISES.items():
            alone = {key: inner for key, inner in own.items() if key not in RAISES} | {name: value}
            also, found = _asked(check, replace(request, body=alone), closed, bound)
            exchanges, problems = [*also, *exchanges], [*problems, *found]
    if any(problem.kind is Kind.LEAK for problem in problems) and _is_open(check, closed, bound):
        raise NotApplicable(f"{closed.subject} is open to {_reader(check)} whatever a body says")
    return exchanges[::-1], problems


def _asked(
    check: RaiseCheck, request: Request, closed: Cell, bound: Bound
) -> tuple[list[Exchange], list[Problem]]:
    """The write, first; what was read after it; and what either breaks."""
    with bound.target.undone():
        known = bound.target.keys(USER)
        written = Exchange(request, bound.target.send(request))
        problems = list(breakdowns(written.answer, check.operation))
        if written.answer.status >= 400 or written.answer.hang:
            return [written], problems
        read = _read(check, request, closed, bound, known)
    named = ", ".join(sorted(RAISES.keys() & set(request.body)))
    problems += [
        Problem(
            Kind.LEAK,
            f"after a body that names {named}: {problem.text}",
            f"{check.operation} lets a body raise its caller: {problem.cause}",
        )
        for problem in _opened(check, read, bound)
    ]
    return [written, read], problems


def _read(check: RaiseCheck, written: Request, closed: Cell, bound: Bound, known: set[Any]) -> Exchange:
    """What is closed, asked for as the account that the body was about."""
    client = bound.client
    if check.principal == GUEST:
        request = replace(
            client.request(replace(closed, principal=GUEST)),
            headers={"Authorization": f"Bearer {_new_token(written, bound, known)}"},
        )
    else:
        request = client.request(replace(closed, principal=check.principal))
    return Exchange(request, bound.target.send(request))


def _new_token(written: Request, bound: Bound, known: set[Any]) -> str:
    """A token of the account that was made; where it may not sign in yet, one that is minted for it."""
    body = {name: written.body[name] for name in ("email", "password")}
    signing = Request("POST", TOKEN_PATH, body=body, secrets=(body["password"],))
    if token := token_of(bound.target.send(signing)):
        return token
    for key in bound.target.keys(USER) - known:
        if token := bound.target.mint_token(key):
            return token
    raise CannotAsk("the account that was made gets no token")


def _opened(check: RaiseCheck, read: Exchange, bound: Bound) -> Iterator[Problem]:
    asked = Asked("lessons.retrieve", _reader(check), bound.world, bound.contract.declassified)
    yield from leaks(read, asked)


def _reader(check: RaiseCheck) -> str:
    """As whom an answer is judged: who has just registered is what others are who have."""
    return "registered" if check.principal == GUEST else check.principal


def _is_open(check: RaiseCheck, closed: Cell, bound: Bound) -> bool:
    """Whether what should be closed is open without any body."""
    exchange = bound.client.send(replace(closed, principal=_reader(check)))
    return any(_opened(check, exchange, bound))
