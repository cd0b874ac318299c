"""How claims are sent along, and what an answer to them breaks."""

from __future__ import annotations

from dataclasses import replace

from coursegate.harness.asking import Observer
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.claims import others
from coursegate.suites.claims.cases import HEADERS, QUERY, ClaimCheck, OthersCheck

# A list may take a claim for a filter that it has, and then hold less; or refuse a parameter it does not know.
FEWER_ROWS = frozenset({Kind.FORM})


def ask(check: ClaimCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Send the cell's request with every claim, and judge the answer as if there were none.

    Raises:
        CannotAsk: the subject was not built, or the principal has no token.
    """
    if isinstance(check, OthersCheck):
        return others.ask(check, bound)
    bound.target.clear_caches()
    plain = bound.client.request(check.cell)
    path = plain.path + ("&" if "?" in plain.path else "?") + QUERY
    evidence = Observer(bound.client).read(
        check.cell, sent=replace(plain, path=path, headers={**plain.headers, **HEADERS})
    )
    problems = problems_of(evidence)
    if evidence.operation.collection:
        problems = [problem for problem in problems if problem.kind not in FEWER_ROWS]
    claimed = "for whoever claims a tier, a role or a right"
    return evidence.pages[::-1], [
        Problem(problem.kind, f"{problem.text} ({claimed})", f"{problem.cause}, {claimed}")
        for problem in problems
    ]
