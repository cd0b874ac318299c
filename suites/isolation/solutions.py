"""Which answer of a question is correct makes no difference to whoever may not know it, under any name (policy 5)."""

from __future__ import annotations

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.isolation.cases import IsolationCheck
from coursegate.suites.isolation.seeing import Sight, divergences, look

ANSWER = "answer-registered"
# Somebody who may know it: what they are shown must differ, or nothing is told to anybody.
KNOWS = "owner"
CLOCKS = frozenset({"updated_date", "last_accessed"})


def ask(check: IsolationCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask for the lesson while the answer is correct, and while it is not.

    Raises:
        CannotAsk: the answer was not built or cannot be changed, or the lesson is not shown.
        NotApplicable: not even those who may know it are told.
    """
    assert check.cell is not None
    if reason := bound.world.why_missing(ANSWER):
        raise CannotAsk(f"{ANSWER} is not there: {reason}")
    knowing = bound.contract.access.cells[f"{check.cell.row}/{KNOWS}"]
    requests = [bound.client.request(cell) for cell in (check.cell, knowing)]
    right, wrong = (
        [_look(request, bound, is_correct) for request in requests] for is_correct in (True, False)
    )
    if right[0].answer.status != 200:
        raise CannotAsk(f"access/{check.cell.id} is answered {right[0].answer.summary}")
    told = list(divergences(right[0].body, wrong[0].body, CLOCKS))
    if not told and not list(divergences(right[1].body, wrong[1].body, CLOCKS)):
        raise NotApplicable(f"{check.operation} does not tell anybody which answer is correct")
    problems = [
        Problem(
            Kind.LEAK,
            f"{check.principal} can tell from the body at {place} ({seen}) whether {ANSWER} is correct",
            f"{check.operation}: {place} tells which answer is correct",
        )
        for place, seen in told[:2]
    ]
    return [Exchange(sight.request, sight.answer) for sight in (wrong[0], right[0])], problems


def _look(request: Request, bound: Bound, is_correct: bool) -> Sight:
    model = bound.world.contract.objects[ANSWER].model
    with bound.target.undone():
        bound.target.change(model, bound.world.ids[ANSWER], {"is_correct": is_correct})
        return look(bound.target, request)
