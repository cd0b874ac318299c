"""Which patches keep the backend from starting: what shared a pool with one of those would be judged without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coursegate.commands.proof.defects import Patch
from coursegate.commands.proof.forking import run_all
from coursegate.commands.proof.preloading import preload
from coursegate.commands.proof.remembering import Memory
from coursegate.commands.proof.running import climb
from coursegate.commands.proof.trial import Trial
from coursegate.commands.proof.workshop import apply_patch, copy_compiled
from coursegate.harness.targets.binding import locate
from coursegate.harness.verdicts import Verdict


def keep_from_starting(patches: Sequence[Patch], jobs: int) -> frozenset[str]:
    """The ids of those with which the reference backend does not start, or that do not go in."""
    memory, texts = Memory.opened("starts", ""), {patch.id: patch.path.read_bytes() for patch in patches}
    told = {name: memory.recall(text, name) for name, text in texts.items()}
    trials = [Trial(patch.id, patch, ()) for patch in patches if told[patch.id] is None]
    if trials:
        preload()
    for ended in run_all(trials, _start, jobs):
        name = ended.trial.name
        told[name] = {"starts": ended.code == 0}
        memory.keep(texts[name], name, {"starts": ended.code == 0})
    return frozenset(name for name, one in told.items() if one and not one["starts"])


def _start(trial: Trial, folder: Path) -> int:
    assert trial.patch is not None
    backend = copy_compiled(folder)
    apply_patch(trial.patch.path, backend)
    return int(climb(locate(backend), folder).verdict is Verdict.FAIL)
