"""How each check of this room is asked, and what its answer breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coursegate.contracts.access import Cell, Outcome
from coursegate.harness.judging.likeness import difference
from coursegate.harness.judging.universal import Asked, breakdowns, canaries_above, leaks
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.verbs.cases import HEAD, OPTIONS, SUFFIX, UNLISTED, VerbCheck

# How a verb or a form that nobody lists is refused, or breaks, is about that alone, whatever is promised of the row.
REFUSALS = "policy 10"
Seen = tuple[list[Exchange], list[Problem]]


def ask(check: VerbCheck, bound: Bound) -> Seen:
    """Send the check's requests and say what they break; nothing of it stays in the target."""
    bound.client.request(_cell(check))  # signing in writes: not inside the block that is undone
    with bound.target.undone():
        exchanges, problems = _ASK[check.kind](check, bound)
    last = exchanges[-1]
    asked = Asked(check.operation, check.principal, bound.world, bound.contract.declassified)
    # OPTIONS describes fields by their names: only what they hold would give something away.
    told = canaries_above if check.kind == OPTIONS else leaks
    crashes = [replace(one, about=REFUSALS) for one in breakdowns(last.answer, check.operation)]
    return exchanges, [*told(last, asked), *crashes, *problems]


def _unlisted(check: VerbCheck, bound: Bound) -> Seen:
    exchange = _send(bound, replace(_request(check, bound), method=check.method, body=_body(check.method)))
    allowed = {404, 405} if check.principal == "staff" else {401, 403, 404, 405}
    if exchange.answer.status in allowed:
        return [exchange], []
    return [exchange], [
        _form(check, f"no operation lists {check.method} here, yet it answers {exchange.answer.summary}")
    ]


def _head(check: VerbCheck, bound: Bound) -> Seen:
    request = _request(check, bound)
    plain, head = _send(bound, request), _send(bound, replace(request, method="HEAD"))
    if head.answer.status in {
        plain.answer.status,
        405,
    }:  # dropping the body is the server's work, not the application's
        return [plain, head], []
    return [plain, head], [_form(check, f"HEAD answers {head.answer.summary}, GET {plain.answer.summary}")]


def _options(check: VerbCheck, bound: Bound) -> Seen:
    exchange = _send(bound, replace(_request(check, bound), method="OPTIONS", body=None))
    if check.cell.outcomes != {Outcome.HIDDEN}:
        return [exchange], []
    operation = bound.contract.api.operations[check.operation]
    ids = [bound.client.requested_ids(operation, check.cell, missing=missing) for missing in (False, True)]
    missing = replace(bound.client.request(check.cell, missing=True), method="OPTIONS", body=None)

    def control() -> Answer:
        return _send(bound, missing).answer

    differs = difference(exchange.answer, control(), (ids[0], ids[1]), control)
    if not differs:
        return [exchange], []
    text = "OPTIONS tells a hidden id from one that never existed"
    return [exchange], [Problem(Kind.LEAK, f"{text}: {differs}", f"{check.operation}: {text}")]


def _suffix(check: VerbCheck, bound: Bound) -> Seen:
    request = _request(check, bound)
    path, _, query = request.path.partition("?")
    suffixed = f"{path.rstrip('/')}.json" + (f"?{query}" if query else "")
    plain, exchange = _send(bound, request), _send(bound, replace(request, path=suffixed))
    if exchange.answer.status in {404, plain.answer.status}:
        return [plain, exchange], []
    text = f"with .json it answers {exchange.answer.summary}, without {plain.answer.summary}"
    return [plain, exchange], [_form(check, text)]


_ASK: dict[str, Callable[[VerbCheck, Bound], Seen]] = {
    UNLISTED: _unlisted,
    HEAD: _head,
    OPTIONS: _options,
    SUFFIX: _suffix,
}


def _cell(check: VerbCheck) -> Cell:
    return replace(check.cell, principal=check.principal)


def _request(check: VerbCheck, bound: Bound) -> Request:
    return bound.client.request(_cell(check))


def _send(bound: Bound, request: Request) -> Exchange:
    answer: Answer = bound.target.send(request)
    return Exchange(request, answer)


def _body(method: str) -> dict[str, str] | None:
    return {} if method in {"POST", "PUT", "PATCH"} else None


def _form(check: VerbCheck, text: str) -> Problem:
    return Problem(Kind.FORM, text, f"{check.operation}: {text}", REFUSALS)
