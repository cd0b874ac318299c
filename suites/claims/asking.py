"""How claims are sent along, and what an answer to them breaks."""

from __future__ import annotations

from dataclasses import replace

from coursegate.contracts.findings import ID
from coursegate.harness.asking import Observer
from coursegate.harness.client import CannotAsk
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem
from coursegate.suites.claims import others
from coursegate.suites.claims.cases import HEADERS, QUERY, ClaimCheck, OthersCheck, ParentsCheck

# A list may take a claim for a filter that it has, and then hold less; or refuse a parameter it does not know.
FEWER_ROWS = frozenset({Kind.FORM})
# What rows may belong to, and by what it is named; a list that does not know the parameter holds what it always does.
PARENTS = (
    ("course", "course-open", "slug"),
    ("course_id", "course-open", "pk"),
    ("course", "course-draft", "slug"),
    ("module", "module-open", "pk"),
    ("lesson", "lesson-guest", "pk"),
)


def ask(check: ClaimCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Send the cell's request with every claim, and judge the answer as if there were none.

    Raises:
        CannotAsk: the subject was not built, or the principal has no token.
    """
    if isinstance(check, OthersCheck):
        return others.ask(check, bound)
    if isinstance(check, ParentsCheck):
        return _of_parents(check, bound)
    bound.target.clear_caches()
    plain = bound.client.request(check.cell)
    claiming = replace(plain.asking(QUERY), headers={**plain.headers, **HEADERS})
    return _judged(check, bound, claiming, "for whoever claims a tier, a role or a right")


def _of_parents(check: ParentsCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask for the rows of one parent after the other, up to the first answer that is wrong.

    Raises:
        CannotAsk: none of them was built.
    """
    plain, exchanges = bound.client.request(check.cell), list[Exchange]()
    for name, parent, attribute in PARENTS:
        if bound.world.why_missing(parent):
            continue
        bound.target.clear_caches()
        request = plain.asking(f"{name}={bound.world.lookups[parent][attribute]}")
        exchanges, problems = _judged(check, bound, request, f"asked for {name} of {parent}")
        if problems:
            return exchanges, _as_without(check, bound, plain, problems)
    if not exchanges:
        raise CannotAsk("nothing that its rows could belong to was built")
    return exchanges, []


def _as_without(check: ParentsCheck, bound: Bound, plain: Request, problems: list[Problem]) -> list[Problem]:
    """The same problems; where the whole list is wrong as well, they are about what the list is about, not about its filter."""
    bound.target.clear_caches()
    if not _judged(check, bound, plain, "asked for all")[1]:
        return problems
    about = next((source for source in check.cell.sources if ID.fullmatch(source)), check.cell.sources[0])
    return [replace(problem, about=problem.about or about) for problem in problems]


def _judged(
    check: ClaimCheck, bound: Bound, sent: Request, asked: str
) -> tuple[list[Exchange], list[Problem]]:
    """The request judged as that of the cell, but that a list may hold less."""
    evidence = Observer(bound.client).read(check.cell, sent=sent)
    problems = problems_of(evidence)
    if evidence.operation.collection:
        problems = [problem for problem in problems if problem.kind not in FEWER_ROWS]
    return evidence.pages[::-1], [
        replace(problem, text=f"{problem.text} ({asked})", cause=f"{problem.cause}, {asked}")
        for problem in problems
    ]
