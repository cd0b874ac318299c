"""`coursegate mutants`: small mistakes in what decides who sees what, one at a time: which of them does no check notice?"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from coursegate.commands.declared import declared_checks
from coursegate.commands.mutation.callers import Callers
from coursegate.commands.mutation.killers import Killers
from coursegate.commands.mutation.mutants import Mutant, mutants_of, patch_of
from coursegate.commands.mutation.trying import ASKED, ROUNDS, SECONDS_PER_TRIAL, Told, tried
from coursegate.commands.proof.defects import FOLDER, DefectError
from coursegate.commands.proof.preloading import preload
from coursegate.commands.proof.remembering import Memory
from coursegate.commands.proof.sampling import add_shard_argument
from coursegate.commands.proof.workshop import BACKEND
from coursegate.contracts.contract import load_contract
from coursegate.contracts.reading import read
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.services.services import opened

# The modules of the reference backend that decide permissions, querysets and levels.
MODULES = (
    "courses/access_levels.py",
    "courses/file_links.py",
    "courses/learner_rows.py",
    "courses/permissions.py",
    "courses/utils/gating.py",
    "courses/viewer.py",
    "courses/views/courses.py",
    "courses/views/enrolments.py",
    "courses/views/lessons.py",
    "courses/views/mixins.py",
    "courses/views/taught.py",
    "courses/visibility.py",
)
# To watch every check takes as long as to put a few mutants to all of them.
WORTH_WATCHING = 10
EQUIVALENT = FOLDER / "equivalent.yaml"


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "modules",
        metavar="FILE[::PLACE]",
        nargs="*",
        help="modules of the backend (default: those that decide access), or mutants by the beginning of their ids",
    )
    command.add_argument(
        "--fresh", action="store_true", help="try again what has been tried since nothing changed"
    )
    command.add_argument("--sample", type=int, metavar="N", help="only N of the mutants, evenly spread")
    command.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="how many at a time"
    )
    add_shard_argument(command)
    command.add_argument("--report-dir", metavar="FOLDER", type=Path, default=Path("reports"))


def answer(said: argparse.Namespace) -> int:
    """Try them. Returns 0 where each was killed, or is known to change nothing; else 1.

    Raises:
        DefectError: there is no such module.
        ContractError: the list of equivalent mutants is malformed.
    """
    reasons = {name: entry.text() for name, entry in read(EQUIVALENT).items()}
    chosen = said.shard.take(_chosen(said.modules or MODULES, said.sample))
    declared_checks(load_contract())  # once, for all processes that are forked from here
    preload()
    memory = Memory.opened("mutants", " ".join(ASKED))
    started = time.monotonic()
    patches = {mutant.id: patch_of(BACKEND, [mutant]).encode() for mutant in chosen}
    known = {} if said.fresh else {name: memory.recall(patch, name) for name, patch in patches.items()}
    told = [Told(**found) for found in known.values() if found]
    left = [mutant for mutant in chosen if not known.get(mutant.id)]
    if told:
        print(f"{len(told)} of {len(chosen)} were killed before, and nothing has changed since")
    callers = Callers.opened()
    with opened():  # what the trials need of real services is started once for all of them
        if len(left) >= WORTH_WATCHING and (said.fresh or not callers.known):
            print("first the checks are watched: which calls what?", flush=True)
            callers.find(ROUNDS[0], said.jobs, SECONDS_PER_TRIAL)
        for found in tried(left, said.jobs, Killers.opened(), callers, reasons.keys()):
            one = _as_listed(found, reasons)
            told.append(one)
            print(
                f"[{len(told)}/{len(chosen)}] {one.outcome:<10} {one.id} ({one.seconds:.1f} s): {one.by}",
                flush=True,
            )
            if one.outcome == "killed":
                memory.keep(patches[one.id], one.id, asdict(one))
    _write(said.report_dir, told, time.monotonic() - started)
    counts = Counter(one.outcome for one in told)
    print(f"{len(told)} mutants: {', '.join(f'{count} {name}' for name, count in counts.most_common())}")
    for one in sorted(told, key=lambda one: one.id):
        if one.outcome in {"survived", "broken"} or (one.outcome == "killed" and one.id in reasons):
            listed = ", although it is listed as equivalent" if one.id in reasons else ""
            print(f"  {one.outcome}{listed}: {one.id}")
    stale = any(one.outcome == "killed" and one.id in reasons for one in told)
    return 1 if stale or counts["survived"] or counts["broken"] else 0


def _chosen(names: Sequence[str], count: int | None) -> list[Mutant]:
    found = []
    for name in names:
        module = name.partition("::")[0]
        if not (BACKEND / module).is_file():
            raise DefectError(f"the reference backend has no {module}; files are named from its folder")
        named = [mutant for mutant in mutants_of(BACKEND, module) if mutant.id.startswith(name)]
        if not named:
            raise DefectError(f"no mutant of {module} has an id that begins with {name!r}")
        found += named
    return found[:: max(1, len(found) // count)][:count] if count else found


def _as_listed(told: Told, reasons: Mapping[str, str]) -> Told:
    """With the reason why nobody could notice, where it survived and there is one."""
    if told.outcome == "survived" and told.id in reasons:
        return replace(told, outcome="equivalent", by=reasons[told.id])
    return told


def _write(folder: Path, told: Sequence[Told], seconds: float) -> None:
    counts = Counter(one.outcome for one in told)
    judged = counts["killed"] + counts["survived"]
    report = {
        "schema_version": "1.0",
        "outcomes": dict(sorted(counts.items())),
        "score": round(counts["killed"] / judged, 3) if judged else None,
        "duration_s": round(seconds, 1),
        "mutants": [asdict(one) for one in sorted(told, key=lambda one: one.id)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "mutants.json", json.dumps(report, indent=1, ensure_ascii=False) + "\n")
