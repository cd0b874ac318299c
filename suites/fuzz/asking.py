"""How each check of this room is asked: the corpus is replayed, then, where time is given, cases are generated anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from coursegate.contracts.corpus import Case
from coursegate.harness.asking import check_undoes
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.fuzz import oracles, sequences
from coursegate.suites.fuzz.alike import Alike
from coursegate.suites.fuzz.cases import REQUESTS, FuzzCheck
from coursegate.suites.fuzz.dictionaries import plain_case
from coursegate.suites.fuzz.generating import generated
from coursegate.suites.fuzz.sending import Trial, send
from coursegate.suites.fuzz.sharing import share
from coursegate.suites.fuzz.shrinking import smallest

# Of one operation, as many different faults as anybody reads.
MOST_FAULTS = 8


@dataclass
class Findings:
    """The faults of one operation, by what they have in common, each with the smallest case that shows it."""

    bound: Bound
    found: dict[str, tuple[Problem, Exchange]] = field(default_factory=dict)
    last: Exchange | None = None
    seconds_of_shrinking: float = 0.0

    def add(self, trial: Trial) -> bool:
        """Judge a trial. Returns whether something of it is new."""
        self.last = next(iter(trial.seen.values()), self.last)
        fresh = [
            (tier, problem)
            for tier, problem in oracles.problems(trial, self.bound)
            if problem.cause not in self.found
        ]
        for tier, problem in fresh[: max(0, MOST_FAULTS - len(self.found))]:
            if problem.cause not in self.found:
                self.found[problem.cause] = self._smallest(trial, tier, problem)
        return bool(fresh)

    def _smallest(self, trial: Trial, tier: str, problem: Problem) -> tuple[Problem, Exchange]:
        tiers = tuple(trial.seen)

        def shown(case: Case) -> Trial | None:
            again = send(case, self.bound, tiers)
            causes = {other.cause for _, other in oracles.problems(again, self.bound)}
            return again if problem.cause in causes else None

        started = time.monotonic()
        case = smallest(trial.case, lambda smaller: shown(smaller) is not None)
        self.seconds_of_shrinking += time.monotonic() - started
        seen = (shown(case) or trial).seen[tier]
        return problem, seen

    def problems(self) -> list[Problem]:
        """The faults, each with a line to paste."""
        return [
            replace(problem, text=f"{problem.text}\n    {exchange.request.curl()}")
            for problem, exchange in self.found.values()
        ]

    def exchanges(self) -> list[Exchange]:
        shown = [exchange for _, exchange in self.found.values()]
        return list(reversed(shown)) or ([self.last] if self.last else [])


def ask(check: FuzzCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """What came of an operation's cases.

    Raises:
        CannotAsk: none of them could be sent.
        CannotAssess: what they write could not be undone, or generating takes what is not installed.
    """
    check_undoes(bound)
    if check.kind != REQUESTS:
        return sequences.ask(check, bound)
    findings = Findings(bound)
    operation = bound.contract.api.operations[check.operation]
    replayed = bound.contract.corpus.get(check.operation, ()) or (plain_case(operation, bound.contract),)
    for case in replayed:
        _try(case, (), findings)
    alike = Alike()
    for case in _anew(check, findings):
        if (trial := _try(case, alike.tiers(), findings)) is not None:
            alike.note(trial)
    if findings.last is None:
        raise CannotAsk("no case could be sent: nothing that they name was built, or nobody can sign in")
    return findings.exchanges(), findings.problems()


def _try(case: Case, tiers: tuple[str, ...], findings: Findings) -> Trial | None:
    """Send a case and judge it; None where it names an object that this target does not take, as others do not."""
    try:
        trial = send(case, findings.bound, tiers)
    except CannotAsk:
        return None
    findings.add(trial)
    return trial


def _anew(check: FuzzCheck, findings: Findings) -> Iterator[Case]:
    """Generated cases, as long as this operation's share of the time lasts: the time is for those that are asked about.

    Shrinking what fails takes at most as long again, and nothing of that share: one fault must not hide another.
    """
    bound = findings.bound
    if not bound.profile.seconds:
        return
    known = bound.contract.api.operations
    asked = [name for name in known if bound.selection.wants(f"fuzz/{REQUESTS}/{name}", name)]
    seconds = bound.profile.seconds * share(check.operation, asked, bound.contract)
    started, before = time.monotonic(), findings.seconds_of_shrinking
    for case in generated(known[check.operation], bound.contract, bound.profile.seed):
        shrinking = min(findings.seconds_of_shrinking - before, seconds)
        if time.monotonic() - started - shrinking > seconds:
            return
        yield case
