"""Group testing: a pool of patches is put to every check, its parts to what was not green, and at last each by itself."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursegate.commands.proof.defects import Patch
from coursegate.commands.proof.evidence import Evidence, evidence_of
from coursegate.commands.proof.forking import Ended
from coursegate.commands.proof.pooling import joined
from coursegate.commands.proof.remembering import Memory
from coursegate.commands.proof.sampling import at_most
from coursegate.commands.proof.trial import SLOW, Trial, last_trial_of
from coursegate.harness.verdicts import KEPT, Verdict

PARTS = 6
# Of the checks of one operation or finding, so many are asked of the parts: one patch may redden hundreds.
MOST_OF_AREA = 2


@dataclass(frozen=True)
class Question:
    """What some patches are asked together.

    Attributes:
        checks: by id; None for every check.
    """

    members: tuple[Patch, ...]
    checks: tuple[str, ...] | None = None

    def parts(self, checks: tuple[str, ...] | None) -> list[Question]:
        """The same patches in parts, asked these checks; each by itself where they are few, or nothing is left to ask."""
        size = 1 if checks == () else -(-len(self.members) // PARTS)
        starts = range(0, len(self.members), size)
        return [Question(self.members[start : start + size], checks) for start in starts]


@dataclass
class Narrowing:
    """The trials of pools and of their parts, made of what became of those before.

    Two patches of a pool may hide from each other what one of them does elsewhere; what a patch itself says that it reddens
    is asked of it alone in any case.

    Attributes:
        areas: check -> what it is about.
        folder: for joined patches.
        memory: of what was not green in pools that have been put to everything.
        fresh: put them to it again.
    """

    areas: Mapping[str, str]
    folder: Path
    memory: Memory
    fresh: bool = False
    _waiting: deque[Trial | Question] = field(default_factory=deque)
    _asked: dict[str, Question] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Trial]:
        return self

    def __next__(self) -> Trial:
        """The next trial. After the last one there may be more, as soon as one that is running has been `heeded`.

        Raises:
            StopIteration: nothing is waiting.
        """
        while self._waiting:
            first = self._waiting.popleft()
            if isinstance(first, Trial):
                return first
            if trial := self._trial(first):
                return trial
        raise StopIteration

    def add(self, *more: Trial | Question) -> None:
        self._waiting.extend(more)

    def heeded(self, ended: Ended) -> Evidence | None:
        """Take in what a trial came to: the evidence about its patch, or None where that was a pool, which is narrowed."""
        question, found = self._asked.pop(ended.trial.name, None), evidence_of(ended)
        if question is None:
            return found
        red = {cell["id"]: cell["verdict"] for cell in found.cells if cell["verdict"] not in KEPT}
        told = f"{len(red)} checks to be told apart"
        if not found.reason and (question.checks is not None or 2 * len(red) < len(found.cells)):
            self._keep(question, ended.trial, red)
        elif len(question.members) == 1:
            return replace(found, patch=question.members[0])
        else:  # one of them breaks everything: the others are asked without it
            self._narrow(question, question.checks)
            told = found.reason or f"{len(red)} of {len(found.cells)} checks are not green"
        print(f"{ended.trial.name} ({ended.seconds:.1f} s): {told}", flush=True)
        return None

    def _keep(self, question: Question, trial: Trial, red: Mapping[str, str]) -> None:
        """Go on with what is not green, and know it the next time where that was asked of everything."""
        asked = list(red) if len(question.members) == 1 else self._some(red)
        if question.checks is None and trial.patch is not None:
            self.memory.keep(trial.patch.path.read_bytes(), "", {"red": asked})
        self._narrow(question, tuple(asked))

    def _trial(self, question: Question) -> Trial | None:
        """The trial of a question; None where it has been answered before, and its parts wait instead."""
        first, *others = question.members
        if question.checks is not None and not others:
            return last_trial_of(first, question.checks)
        name = f"{first.id} and {len(others)} more"
        patch = joined(question.members, self.folder / f"{len(list(self.folder.iterdir()))}.patch", name)
        known = self.memory.recall(patch.path.read_bytes(), "") if question.checks is None else None
        if known and not self.fresh:
            self._narrow(question, tuple(known["red"]))
            return None
        self._asked[name] = question
        return Trial(name, patch, tuple(f"--check={check}" for check in question.checks or ()), whole=True)

    def _narrow(self, question: Question, checks: tuple[str, ...] | None) -> None:
        parts = question.parts(checks)
        # Pools take longest: all of them go before their parts, so that none is left over for one process at the end.
        if question.checks is None and checks is not None:
            self._waiting.extend(parts)
        else:
            self._waiting.extendleft(reversed(parts))

    def _some(self, red: Mapping[str, str]) -> list[str]:
        """Some of each area, evenly spread over those that tell most for least."""
        areas = defaultdict[str, dict[int, list[str]]](lambda: defaultdict(list))
        for check, verdict in red.items():
            areas[self.areas.get(check, "")][_rank(check, verdict)].append(check)
        return [check for ranks in areas.values() for check in at_most(ranks[min(ranks)], MOST_OF_AREA)]


def _rank(check: str, verdict: str) -> int:
    """First what fails in a quick room, then in a slow one; last what could not be asked, because of something that fails."""
    if verdict != Verdict.FAIL:
        return 2
    return int(check.partition("/")[0] in SLOW)
