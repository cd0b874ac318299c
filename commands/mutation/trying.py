"""What becomes of mutants: each alone is put to checks that are likely to notice; what is left, in pools, to all."""

from __future__ import annotations

import tempfile
from collections.abc import Container, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from coursegate.commands.mutation.callers import Callers
from coursegate.commands.mutation.killers import Killers
from coursegate.commands.mutation.mutants import Mutant, patch_of
from coursegate.commands.mutation.pooling import pools_of
from coursegate.commands.proof.defects import Patch
from coursegate.commands.proof.forking import Ended, run_all
from coursegate.commands.proof.running import run
from coursegate.commands.proof.sampling import at_most
from coursegate.commands.proof.trial import SLOW, Trial
from coursegate.commands.proof.workshop import BACKEND
from coursegate.harness.verdicts import Verdict
from coursegate.suites.rooms import ROOMS

# The slow rooms are asked what the others have left.
ROUNDS = (("access", *(room for room in ROOMS if room not in SLOW)), SLOW)
ASKED = tuple(chain.from_iterable(ROUNDS))
# See that a mistake has left an import without a use, and would take the credit from the checks of access.
LEFT_OUT = tuple(
    f"--deselect=suites/regression/test_regression.py::test_regression[regression/{check}]"
    for check in ("ARCH-07/imports-are-used", "VIEW-05/the-views-import-what-they-use")
)
# A pool that nothing ends early is asked all that these rooms hold.
SECONDS_PER_TRIAL = 900.0
# Of what a pool fails, as many checks are put to each of its mutants, evenly spread.
MOST_CHECKS = 32


@dataclass(frozen=True)
class Told:
    """What became of one mutant.

    Attributes:
        outcome: killed, survived or broken (no verdict).
        by: the check that failed first, or why there is none.
        seconds: what the trial took that decided it; 0 where none did.
    """

    id: str
    outcome: str
    by: str
    seconds: float


@dataclass
class Bench:
    """Where mutants are tried.

    Attributes:
        folder: for their patches.
        jobs: how many trials at a time.
        apart: ids of those whose pool failed although none of it does alone.
    """

    folder: Path
    jobs: int
    killers: Killers
    callers: Callers
    apart: set[str] = field(default_factory=set)
    _patches: int = 0

    def alone(self, asked: Mapping[Mutant, Sequence[str]]) -> Generator[Told, None, list[Mutant]]:
        """Put each to some checks. Yields those that were killed, returns the others."""
        left = {mutant.id: mutant for mutant in asked}
        for ended in run_all(self._alone(asked), run, self.jobs, SECONDS_PER_TRIAL):
            failed, _ = _read(ended)
            if failed:
                yield self._killed(left.pop(ended.trial.name), failed[0], ended.seconds)
        return list(left.values())

    def pooled(
        self, mutants: Sequence[Mutant], rooms: Sequence[str]
    ) -> Generator[Told, None, tuple[list[Mutant], list[Mutant]]]:
        """Put pools of them to some rooms, and each of a pool that fails to what it failed.

        Yields those that were killed, or came to no verdict; returns the undecided, and those that passed. The mutants
        of a pool may hide each other: one may look as if it passed, and none as if it was noticed.
        """
        pools = pools_of(mutants, self.apart)
        print(f"{len(mutants)} undecided, in {len(pools)} pools: {', '.join(rooms)}", flush=True)
        suites = [f"--suite={room}" for room in rooms]
        trials = (self._trial(str(number), pool, suites) for number, pool in enumerate(pools))
        suspects: dict[Mutant, Sequence[str]] = {}
        passed: list[Mutant] = []
        for ended in run_all(trials, run, self.jobs, SECONDS_PER_TRIAL):
            pool, (failed, problem) = pools[int(ended.trial.name)], _read(ended)
            seconds = ended.seconds / len(pool)
            if not failed and not problem:
                passed += pool
            elif len(pool) > 1:
                suspects |= dict.fromkeys(pool, at_most(failed, MOST_CHECKS))
            elif failed:
                yield self._killed(pool[0], failed[0], seconds)
            else:
                yield Told(pool[0].id, "broken", problem, seconds)
        left = yield from self.alone(suspects)
        together = [mutant for pool in pools if set(pool) <= set(left) for mutant in pool]
        self.apart.update(mutant.id for mutant in together)
        return left, passed

    def _alone(self, asked: Mapping[Mutant, Sequence[str]]) -> Iterator[Trial]:
        for mutant, checks in asked.items():
            # What the ones before fell to is known by now.
            likely = self.killers.likely(mutant.id), self.callers.of(mutant.place)
            if first := tuple(dict.fromkeys((*checks, *chain.from_iterable(likely)))):
                yield self._trial(mutant.id, [mutant], [f"--check={check}" for check in first])

    def _trial(self, name: str, mutants: Sequence[Mutant], asked: Sequence[str]) -> Trial:
        self._patches += 1
        path = self.folder / f"{self._patches}.patch"
        path.write_text(patch_of(BACKEND, mutants), encoding="utf-8")
        ends = ["-x"] if len(mutants) == 1 else []
        return Trial(name, Patch(path, name, ""), (*ends, *LEFT_OUT, *asked))

    def _killed(self, mutant: Mutant, check: str, seconds: float) -> Told:
        self.killers.keep(mutant.id, check)
        return Told(mutant.id, "killed", check, seconds)


def tried(
    mutants: Sequence[Mutant], jobs: int, killers: Killers, callers: Callers, listed: Container[str] = ()
) -> Iterator[Told]:
    """What became of each, as it is known: pooled testing, since what survives costs a run of everything.

    Args:
        listed: ids of those that nobody can notice; any other that is left of a pool is put to everything by itself.
    """
    with tempfile.TemporaryDirectory(prefix="coursegate-mutants-") as folder:
        bench = Bench(Path(folder), jobs, killers, callers)
        left = yield from bench.alone(dict.fromkeys(mutants, ()))
        left = yield from _asked_everything(bench, left)
        doubtful = [mutant for mutant in left if mutant.id not in listed]
        bench.apart.update(mutant.id for mutant in doubtful)
        survived = yield from _asked_everything(bench, doubtful)
        certain = [mutant for mutant in left if mutant.id in listed]
        yield from (
            Told(mutant.id, "survived", "every check passes", 0.0) for mutant in [*certain, *survived]
        )


def _asked_everything(bench: Bench, mutants: list[Mutant]) -> Generator[Told, None, list[Mutant]]:
    """Yields those that were killed, or came to no verdict; returns those that passed in all rooms."""
    left = mutants
    for rooms in ROUNDS:
        passed: list[Mutant] = []
        while left:
            left, more = yield from bench.pooled(left, rooms)
            passed += more
        left = passed
    return left


def _read(ended: Ended) -> tuple[list[str], str]:
    """The checks that were not kept, and why there is no verdict; neither where all were."""
    if ended.code is None:
        return [], "the run did not end in time"
    cells = ended.cells()
    if cells is None or ended.code not in {0, 1}:
        return [], ended.last_words(3) or f"the run ended with {ended.code}"
    return [cell["id"] for cell in cells if cell["verdict"] in {Verdict.FAIL, Verdict.BLOCKED}], ""
