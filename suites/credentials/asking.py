"""How worthless credentials are sent, and what an answer to them breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coursegate.contracts.access import Outcome
from coursegate.contracts.world import GUEST, USER
from coursegate.harness.asking import Observer, check_undoes
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Answer, Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.credentials.cases import CredentialCheck
from coursegate.suites.credentials.endings import ENDINGS
from coursegate.suites.credentials.forging import KINDS

Seen = tuple[list[Exchange], list[Problem]]


def ask(check: CredentialCheck, bound: Bound) -> Seen:
    """Send the check's request and say what its answer breaks; nothing of it stays in the target.

    Raises:
        CannotAsk: what real credentials open is not open either: then the refusal shows nothing.
        CannotAssess: nobody can make such a token for this target.
        NotApplicable: its tokens are of another sort.
    """
    if check.kind in ENDINGS or not bound.contract.api.operations[check.operation].is_safe:
        check_undoes(bound)
    return _used_too_late(check, bound) if check.kind in ENDINGS else _forged(check, bound)


def _forged(check: CredentialCheck, bound: Bound) -> Seen:
    header = KINDS[check.kind](bound, check.principal)
    if (status := _with_real_ones(check, bound)) >= 400:
        raise CannotAsk(f"real credentials are refused as well: {check.cell.id} is answered {status}")
    request = bound.client.request(check.cell)
    request = replace(
        request, headers={**request.headers, "Authorization": header}, principal=f"{check.kind}-token"
    )
    # Who is worth nothing is nobody: what a guest may see is all that may come back.
    cell = replace(check.cell, outcomes=frozenset({Outcome.LOGIN}))
    evidence = Observer(bound.client).ask(cell, sent=request)
    judged = replace(evidence, cell=replace(cell, principal=GUEST))
    problems = [*_let_in(check, bound, evidence.answer), *problems_of(judged)]
    return evidence.pages, [_told(problem, check) for problem in problems]


def _let_in(check: CredentialCheck, bound: Bound, answer: Answer) -> Iterator[Problem]:
    """Success where even a guest is refused: somebody was taken for an account."""
    guest = bound.contract.access.cells[f"{check.cell.row}/{GUEST}"]
    if answer.status < 300 and not guest.allows:
        text = f"let in with {answer.summary}, where a guest is refused"
        yield Problem(Kind.LEAK, text, f"{check.operation} lets in callers without an account")


def _with_real_ones(check: CredentialCheck, bound: Bound) -> int:
    """The status that the same request gets with the account's own token; asked once for each operation."""
    if check.cell.id not in bound.statuses:
        bound.client.request(check.cell)  # signing in writes: not inside the block that is undone
        with bound.target.undone():
            bound.statuses[check.cell.id] = bound.client.send(check.cell).answer.status
    return bound.statuses[check.cell.id]


def _used_too_late(check: CredentialCheck, bound: Bound) -> Seen:
    account = check.subject
    bound.client.sign_in(account)
    with bound.target.restored():
        use = bound.client.request(check.cell)
        first = Exchange(use, bound.target.send(use))
        if first.answer.status >= 400:
            raise CannotAsk(
                f"a refresh token that is worth something is refused as well: {first.answer.summary}"
            )
        late = bound.client.request(check.cell)
        key = bound.world.ids[account]
        ENDINGS[check.kind](bound, lambda values: bound.target.change(USER, key, values), late)
        exchange = Exchange(late, bound.target.send(late), f"after {check.kind}")
    return [first, exchange], list(_refusal(check, exchange))


def _refusal(check: CredentialCheck, exchange: Exchange) -> Iterator[Problem]:
    status = exchange.answer.status
    if status < 300:
        text = f"the refresh token still gives an access token after {check.kind}"
        yield Problem(Kind.LEAK, text, f"{check.operation}: {text}")
    elif status not in {400, 401, 403}:
        text = f"expected 401 after {check.kind}, saw {exchange.answer.summary}"
        yield Problem(Kind.FORM, text, f"{check.operation}: {text}")


def _told(problem: Problem, check: CredentialCheck) -> Problem:
    token = "credentials of the kind " + check.kind
    return replace(problem, text=f"{problem.text} ({token})", cause=f"{problem.cause}, for {token}")
