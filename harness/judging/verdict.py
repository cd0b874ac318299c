"""From what one cell brought to light to its verdict."""

from __future__ import annotations

from coursegate.contracts.access import Cell
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.outcomes import broken_by
from coursegate.harness.judging.universal import Asked, breakdowns, leaks, shared_by_caches, side_effects
from coursegate.harness.observation import Exchange
from coursegate.harness.verdicts import Judgement, Kind, Problem, Verdict

_GRAVITY = list(Kind)


def problems_of(evidence: Evidence) -> list[Problem]:
    """Everything an asking breaks, gravest first; of several allowed outcomes the one counts that it is meant as."""
    found: list[Problem] = []
    also = evidence.subject if evidence.operation.authenticates else ""
    cell = evidence.cell
    asked = Asked(cell.operation, cell.principal, evidence.world, evidence.declassified, also)
    for page in evidence.pages:
        found += leaks(page, asked)
        found += shared_by_caches(page, evidence.operation)
        if evidence.operation.is_safe:
            found += side_effects(page, asked)
    broken = list(breakdowns(evidence.answer, evidence.cell.operation, evidence.operation.statuses))
    if broken:
        return by_gravity([*found, *broken])
    return by_gravity([*found, *broken_by(evidence)])


def by_gravity(problems: list[Problem]) -> list[Problem]:
    """Each problem once, leaks first."""
    return sorted(dict.fromkeys(problems), key=lambda problem: _GRAVITY.index(problem.kind))


def cause_without_problem(verdict: Verdict, reason: str) -> str:
    """What a check has in common with others that was judged by no answer: what blocks it, where something does."""
    return reason if verdict is Verdict.BLOCKED else ""


def is_throttled(exchanges: list[Exchange]) -> bool:
    """Whether a rate limit spoke instead of the rule under test: then nothing was shown either way."""
    return any(exchange.answer.status == 429 for exchange in exchanges)


def judgement(
    cell: Cell,
    exchange: Exchange | None,
    verdict: Verdict,
    problems: list[Problem],
    reason: str,
    blocked_by: str = "",
) -> Judgement:
    """The record of a cell, as reports show it; what is blocked has a cause too, the reason unless `blocked_by` is shorter."""
    first = problems[0] if problems else None
    return Judgement(
        id=f"access/{cell.id}",
        suite="access",
        operation=cell.operation,
        principal=cell.principal,
        subject=f"{cell.subject} with {cell.variant}" if cell.variant else cell.subject,
        expected=cell.expected,
        seen=exchange.answer.summary if exchange else "not asked",
        verdict=verdict,
        reason=exchange.request.redact(reason) if exchange else reason,
        kind=first.kind if first else "",
        cause=first.cause if first else blocked_by or cause_without_problem(verdict, reason),
        curl=exchange.request.curl() if exchange else "",
        about=first.about if first else "",
        findings=cell.sources,
    )
