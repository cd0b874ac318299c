"""`coursegate prove`: every seeded defect of the reference backend, one at a time: do the checks notice, and only theirs?"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from coursegate.commands.proof.conclusions import GOOD, Conclusion
from coursegate.commands.proof.defects import (
    FOLDER,
    Defect,
    DefectError,
    Patch,
    complaint,
    known_checks,
    patches,
)
from coursegate.commands.proof.evidence import Evidence
from coursegate.commands.proof.forking import SECONDS_OF_EVERYTHING, SECONDS_PER_TRIAL, run_all
from coursegate.commands.proof.narrowing import Narrowing, Question
from coursegate.commands.proof.ordering import Durations
from coursegate.commands.proof.pooling import SIZE, is_wide, pools_of
from coursegate.commands.proof.preloading import preload
from coursegate.commands.proof.remembering import Memory
from coursegate.commands.proof.running import run
from coursegate.commands.proof.sampling import Shard, add_shard_argument, changed_since, sample
from coursegate.commands.proof.starting import keep_from_starting
from coursegate.commands.proof.trial import reference_trials, trial_of
from coursegate.contracts.contract import load_contract
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.services.services import opened


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="a finding (SER-02), a family (access) or a defect (access/tier-filter-off)",
    )
    command.add_argument(
        "--whole", action="store_true", help="put every patch to every check, not only to its own"
    )
    command.add_argument(
        "--pool",
        type=int,
        default=SIZE,
        metavar="N",
        help=f"with --whole: N at a time, then each alone to what was not green (default {SIZE}; 1: each alone)",
    )
    command.add_argument(
        "--fresh", action="store_true", help="prove again what has been proved since nothing changed"
    )
    command.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="how many at a time"
    )
    command.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="at most N of them: some of every family, what changed lately first",
    )
    command.add_argument(
        "--since", metavar="REVISION", help="with --sample: what has changed since this revision comes first"
    )
    add_shard_argument(command)
    command.add_argument("--report-dir", metavar="FOLDER", type=Path, default=Path("reports"))


def answer(said: argparse.Namespace) -> int:
    """Prove what was named, or everything. Returns 0 where every defect was killed and every alternative passed, else 1.

    Raises:
        DefectError: a header is malformed, nothing is called so, or pools would be empty.
    """
    if said.pool < 1:
        raise DefectError(f"--pool {said.pool}: at least one patch at a time is put to the checks")
    contract = load_contract()
    checks = known_checks(contract)
    chosen = _chosen(patches(), said.names)
    if said.sample:
        changed = changed_since(said.since, FOLDER) if said.since else frozenset[str]()
        chosen = sample(chosen, changed, said.sample)
    if complaints := [text for patch in chosen if (text := complaint(patch, checks))]:
        raise DefectError("; ".join(complaints))
    asked = f"everything, in pools of {said.pool}" if said.whole else "its own checks"
    memory = Memory.opened("proof", asked)
    started = time.monotonic()
    with opened(), tempfile.TemporaryDirectory(prefix="coursegate-pools-") as folder:
        # What a trial needs of real services is started once for all of them.
        queue = Narrowing(checks, Path(folder), Memory.opened("pools", "everything"), fresh=said.fresh)
        pools = _pools(chosen, said, queue)
        chosen = list(chain.from_iterable(pools))
        known = (
            {} if said.fresh else {patch.id: found for patch in chosen if (found := _recalled(memory, patch))}
        )
        undecided = [[patch for patch in pool if patch.id not in known] for pool in pools]
        conclusions = list(known.values())
        for conclusion in _proved([pool for pool in undecided if pool], said.jobs, queue, whole=said.whole):
            if conclusion.outcome in GOOD:
                patch = (FOLDER / f"{conclusion.id}.patch").read_bytes()
                memory.keep(patch, conclusion.id, conclusion.as_dict())
            conclusions.append(conclusion)
            _tell(conclusion, len(conclusions), len(chosen))
    conclusions.sort(key=lambda conclusion: conclusion.id)
    _write(said.report_dir, conclusions, time.monotonic() - started)
    for line in _summary(conclusions, len(known), time.monotonic() - started):
        print(line)
    return 0 if all(conclusion.outcome in GOOD for conclusion in conclusions) else 1


def _recalled(memory: Memory, patch: Patch) -> Conclusion | None:
    told = memory.recall(patch.path.read_bytes(), patch.id)
    return Conclusion.from_dict(told) if told else None


def _chosen(known: Sequence[Patch], names: Sequence[str]) -> list[Patch]:
    found: dict[str, Patch] = {}
    for name in names:
        named = [patch for patch in known if _is_called(patch, name)]
        if not named:
            families = ", ".join(sorted({patch.id.partition("/")[0] for patch in known}))
            raise DefectError(
                f"no finding, family or defect is called {name!r}; there are the families {families}"
            )
        found |= {patch.id: patch for patch in named}
    return list(found.values()) if names else list(known)


def _is_called(patch: Patch, name: str) -> bool:
    finding = patch.finding if isinstance(patch, Defect) else ""
    return name in {patch.id, patch.id.partition("/")[0], patch.id.partition("/")[2]} or name == finding != ""


def _pools(chosen: Sequence[Patch], said: argparse.Namespace, queue: Narrowing) -> list[list[Patch]]:
    """What is this machine's to prove: pools that are put to every check, or one patch in each that is put to its own.

    Machines share pools rather than patches: each of them would be left with small ones, and a small one costs as much.
    """
    shard: Shard = said.shard
    if not said.whole:
        return [[patch] for patch in shard.take(chosen)]
    apart = keep_from_starting([patch for patch in chosen if is_wide(patch)], said.jobs)
    pools = pools_of(chosen, queue.areas, queue.folder, said.pool, apart)
    return shard.take(sorted(pools, key=len, reverse=True))


def _proved(
    pools: Sequence[Sequence[Patch]], jobs: int, queue: Narrowing, *, whole: bool
) -> Iterator[Conclusion]:
    """The conclusions as they come in, the longest trials first; alternatives wait for what the reference answers."""
    if not pools:
        return
    chosen = list(chain.from_iterable(pools))
    preload()
    parts, durations, reference = reference_trials(chosen), Durations.opened(), dict[str, str]()
    queue.add(*parts)
    if whole:
        print(
            f"{len(chosen)} patches in {len(pools)} pools, each put to {len(queue.areas)} checks", flush=True
        )
        queue.add(*(Question(tuple(members)) for members in pools))
    else:
        queue.add(*durations.longest_first([trial_of(patch) for patch in chosen]))
    left, waiting = len(parts), list[Evidence]()
    try:
        for ended in run_all(queue, run, jobs, SECONDS_OF_EVERYTHING if whole else SECONDS_PER_TRIAL):
            if ended.trial.patch is None:
                reference |= {cell["id"]: cell["seen"] for cell in ended.cells() or ()}
                left -= 1
            elif evidence := queue.heeded(ended):
                waiting.append(evidence)
            if not ended.trial.whole:
                durations.note(ended.trial.name, ended.seconds)
            ready = [found for found in waiting if not left or isinstance(found.patch, Defect)]
            waiting = [found for found in waiting if found not in ready]
            yield from (found.concluded(reference) for found in ready)
    finally:
        durations.keep()  # also of a proof that is broken off


def _tell(conclusion: Conclusion, number: int, total: int) -> None:
    mark = f": {conclusion.reason}" if conclusion.reason else ""
    print(
        f"[{number}/{total}] {conclusion.outcome:<13} {conclusion.id} ({conclusion.seconds:.1f} s){mark}",
        flush=True,
    )


def _write(folder: Path, conclusions: Sequence[Conclusion], seconds: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    report = {
        "schema_version": "1.0",
        "outcomes": dict(sorted(Counter(str(conclusion.outcome) for conclusion in conclusions).items())),
        "duration_s": round(seconds, 1),
        "patches": [conclusion.as_dict() for conclusion in conclusions],
    }
    write_whole(folder / "proof.json", json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def _summary(conclusions: Sequence[Conclusion], known: int, seconds: float) -> Iterator[str]:
    counts = Counter(conclusion.outcome for conclusion in conclusions)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    yield f"{len(conclusions)} patches: {told}; {seconds:.0f} s" + (
        f", {known} as proved before" if known else ""
    )
    for conclusion in conclusions:
        if conclusion.reason:
            yield f"  {conclusion.outcome} {conclusion.id}: {conclusion.reason}"
