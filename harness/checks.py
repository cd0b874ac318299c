"""A check that is not a cell of the access table: what it is called, and how it comes to its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.harness.client import CannotAsk, CannotAssess, NotApplicable
from coursegate.harness.judging.conformance import conformance_of
from coursegate.harness.judging.verdict import by_gravity, cause_without_problem, is_throttled
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound, Session
from coursegate.harness.verdicts import THROTTLED, Judgement, Problem, Verdict

# How a check ends that has come to see the target; with no answer to show it has looked inside.
LOOKED = frozenset({Verdict.PASS, Verdict.FAIL})
Ask = Callable[[Bound], tuple[list[Exchange], Iterable[Problem]]]


@dataclass(frozen=True)
class Check:
    """One promise, asked by one principal.

    Attributes:
        id: made of the content, stable for ever; begins with the suite.
        expected: the promise in a few words.
        sources: findings and policies it comes from.
    """

    id: str
    operation: str
    principal: str
    subject: str
    expected: str
    sources: tuple[str, ...]

    @property
    def suite(self) -> str:
        return self.id.split("/")[0]

    def judged(
        self, verdict: Verdict, reason: str = "", seen: Exchange | None = None, problem: Problem | None = None
    ) -> Judgement:
        """The record of the check, as reports show it."""
        return Judgement(
            id=self.id,
            suite=self.suite,
            operation=self.operation,
            principal=self.principal,
            subject=self.subject,
            expected=self.expected,
            seen=seen.answer.summary if seen else "looked at" if verdict in LOOKED else "not asked",
            verdict=verdict,
            reason=seen.request.redact(reason) if seen else reason,
            kind=problem.kind if problem else "",
            cause=problem.cause if problem else cause_without_problem(verdict, reason),
            curl=seen.request.curl() if seen else "",
            about=problem.about if problem else "",
            findings=self.sources,
        )


def judge(check: Check, gate: Session, ask: Ask) -> Judgement:
    """Ask, and say what it is worth. `ask` gives the exchanges, the one in question last, and what they break; a check
    that looks inside the target may have none. Every answer on the way is held against the contract as well.
    """
    if gate.bound is None:
        return check.judged(Verdict.BLOCKED, gate.blocked)
    if unasked := gate.unasked(check.operation):
        return check.judged(*unasked)
    try:
        exchanges, found = ask(gate.bound)
    except CannotAsk as problem:
        return check.judged(Verdict.BLOCKED, str(problem))
    except CannotAssess as problem:
        return check.judged(Verdict.NOT_ASSESSED, str(problem))
    except NotApplicable as problem:
        return check.judged(Verdict.NOT_APPLICABLE, str(problem))
    last = exchanges[-1] if exchanges else None
    if is_throttled(exchanges):
        return check.judged(
            Verdict.NOT_ASSESSED, f"{THROTTLED}: answered 429 before the rule under test could speak", last
        )
    conformance = conformance_of(gate.contract.api)
    not_there = gate.absent.keys() | gate.bound.lost.keys()
    strange = [problem for exchange in exchanges for problem in conformance.problems(exchange, not_there)]
    problems = by_gravity([*found, *strange])
    if not problems:
        return check.judged(Verdict.PASS, seen=last)
    reason = "; ".join(problem.text for problem in problems)
    return check.judged(Verdict.FAIL, reason, last, problems[0])


def name_of(function: Callable[..., Any]) -> str:
    """What a function that is a check is called in its id."""
    return function.__name__.replace("_", "-")


def sentence_of(function: Callable[..., Any]) -> str:
    """What the report says that it expects: its docstring.

    Raises:
        TypeError: it has none.
    """
    if not (function.__doc__ or "").strip():
        raise TypeError(f"{function.__name__} says nothing: its docstring is one sentence about the backend")
    return " ".join(str(function.__doc__).split())


def samples(contract: Contract) -> dict[str, Cell]:
    """For each operation the cell that shows best that it answers at all: one that must be allowed, else may be."""
    found: dict[str, Cell] = {}
    for cell in contract.access.cells.values():
        known = found.get(cell.operation)
        if known is None or (cell.certain and not known.certain) or (cell.allows and not known.allows):
            found[cell.operation] = cell
    return found
