"""What a trial leaves behind, read while it is there, to be judged when there is something to compare it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursegate.commands.proof.conclusions import Conclusion, broken, conclude
from coursegate.commands.proof.defects import Patch
from coursegate.commands.proof.forking import Ended
from coursegate.commands.proof.trial import REASON


@dataclass(frozen=True)
class Evidence:
    """What a trial has left behind.

    Attributes:
        whole: whether every check was asked.
        reason: why there are no cells.
    """

    patch: Patch
    seconds: float
    cells: Sequence[Mapping[str, str]]
    whole: bool = False
    reason: str = ""

    def concluded(self, reference: Mapping[str, str]) -> Conclusion:
        if self.reason:
            return broken(self.patch, self.reason, self.seconds)
        return conclude(self.patch, self.cells, reference, self.seconds, whole=self.whole)


def evidence_of(ended: Ended) -> Evidence:
    """Of a trial that is over, of a patched backend."""
    patch = ended.trial.patch
    assert patch is not None
    if ended.code is None:
        return Evidence(patch, ended.seconds, (), reason="the run did not end in time")
    if (reason := ended.folder / REASON).is_file():
        return Evidence(patch, ended.seconds, (), reason=reason.read_text(encoding="utf-8"))
    cells = ended.cells()
    if cells is None or ended.code in {2, 3, 4}:
        why = f"the run ended with {ended.code}: {ended.last_words(6)}"
        return Evidence(patch, ended.seconds, (), reason=why)
    return Evidence(patch, ended.seconds, cells, whole=ended.trial.whole)
