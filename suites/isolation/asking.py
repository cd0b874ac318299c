"""How each check of this room is asked, and what its answer breaks."""

from __future__ import annotations

from coursegate.harness.asking import check_undoes
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.isolation import hidden_ids, named, parents, solutions
from coursegate.suites.isolation.cases import IsolationCheck
from coursegate.suites.isolation.worlds import Worlds

# The worlds of one principal are asked about everything at once; the checks of its operations share what was seen.
_SEEN: dict[tuple[int, str], Worlds] = {}


def ask(check: IsolationCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """What was seen of the check's operation, and what tells the worlds, or the ids, apart.

    Raises:
        CannotAsk: nothing could be asked: no subject was built, or the principal has no token.
        CannotAssess: nobody can change rows on this target.
        NotApplicable: the backend has no such parameter, or does not tell what a category stands below.
    """
    check_undoes(bound)
    if check.of_solution:
        return solutions.ask(check, bound)
    if check.below:
        return parents.ask(check, bound)
    if check.naming is not None:
        return named.ask(check, bound)
    if check.cell is not None:
        return hidden_ids.ask(check, bound)
    worlds = _worlds(check.principal, bound)
    sights = worlds.base.get(check.operation, [])
    if not sights:
        raise CannotAsk(f"nothing that {check.operation} is about was built")
    problems = list(worlds.problems(bound.contract.api.operations[check.operation]))
    return [Exchange(sight.request, sight.answer) for sight in reversed(sights)], problems


def _worlds(principal: str, bound: Bound) -> Worlds:
    key = id(bound), principal
    if key not in _SEEN:
        worlds = Worlds(bound, principal)
        worlds.observe()
        _SEEN[key] = worlds
    return _SEEN[key]
