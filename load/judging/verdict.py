"""The verdict of a run: invariants first, then completeness, then objectives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coursegate.contracts.slo import Objectives
from coursegate.load.judging.completeness import Hole, busy, holes
from coursegate.load.judging.evidence import Evidence
from coursegate.load.judging.results import Result, results, work
from coursegate.load.rows import Broken

LATENCIES = frozenset({"p50", "p95", "recovers-within"})


class Word(StrEnum):
    """How a run ends. `VOID` is never a pass: nothing was shown."""

    PASS = "pass"
    BROKEN_OBJECTIVE = "slo-broken"
    BROKEN_INVARIANT = "invariant-broken"
    VOID = "void"


# As the exit codes of the gate: 1 a promise is broken, 5 nothing meaningful was assessed.
EXIT_CODES = {Word.PASS: 0, Word.BROKEN_OBJECTIVE: 1, Word.BROKEN_INVARIANT: 1, Word.VOID: 5}


@dataclass(frozen=True)
class Invariant:
    """An invariant that was seen broken.

    Attributes:
        count: how often; of many, only some are kept as examples.
    """

    name: str
    count: int
    examples: tuple[Broken, ...]


@dataclass(frozen=True)
class Verdict:
    """What a run showed.

    Attributes:
        cause: a stable word for the first reason: an invariant, a hole, a figure; "" of a pass.
        reason: that reason in a sentence.
    """

    word: Word
    cause: str
    reason: str
    invariants: tuple[Invariant, ...]
    holes: tuple[Hole, ...]
    results: tuple[Result, ...]

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.word]


def judge(evidence: Evidence, objectives: Objectives, profile: str) -> Verdict:
    """The verdict of a run by the objectives of its profile."""
    listed = objectives.profiles.get(profile, ())
    invariants = _invariants(evidence.rows.broken)
    measured, unfilled = results(evidence, listed)
    measured += work(evidence.of_stage("judged"), objectives)
    lacking = [*holes(evidence, listed), *unfilled]
    if any(not result.held and result.figure in LATENCIES for result in measured):
        lacking += busy(evidence)
    if not listed:
        lacking.append(Hole("no-objectives", f"{objectives.path} has no objectives for profile {profile}"))
    word, cause, reason = _first(invariants, lacking, measured)
    return Verdict(word, cause, reason, tuple(invariants), tuple(lacking), tuple(measured))


def void(code: str, text: str) -> Verdict:
    """The verdict of a run that could not even begin."""
    return Verdict(Word.VOID, code, text, (), (Hole(code, text),), ())


def _first(
    invariants: Sequence[Invariant], lacking: Sequence[Hole], measured: Sequence[Result]
) -> tuple[Word, str, str]:
    for invariant in invariants:
        example = invariant.examples[0]
        return Word.BROKEN_INVARIANT, invariant.name, f"{invariant.count} times, such as {example.text}"
    for hole in lacking:
        return Word.VOID, hole.code, hole.text
    for result in measured:
        if not result.held:
            return Word.BROKEN_OBJECTIVE, result.figure, str(result)
    return Word.PASS, "", "every invariant, the whole plan, every objective"


def _invariants(broken: Sequence[Broken]) -> list[Invariant]:
    """The broken ones, a leak first: it is the gravest."""
    found: dict[str, list[Broken]] = defaultdict(list)
    for one in broken:
        found[one.invariant].append(one)
    names = sorted(found, key=lambda name: (name != "leak", name))
    return [Invariant(name, len(found[name]), tuple(found[name][:5])) for name in names]
