"""What a run of the gate on a patched backend says about the patch, and about the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from coursegate.commands.declared import area_of
from coursegate.commands.proof.defects import Alternative, Defect, Patch, under
from coursegate.harness.verdicts import KEPT, Verdict


class Outcome(StrEnum):
    """How the proof of one patch ends."""

    KILLED = "killed"  # its own checks failed, as it says, and nothing else did
    SURVIVED = "survived"  # some of its own checks did not fail, or not for its reason
    MISATTRIBUTED = "misattributed"  # checks failed that have nothing to do with it
    GREEN = "green"  # an honest alternative passed
    FLAGGED = "flagged"  # an honest alternative did not
    BROKEN = "broken"  # the patch does not apply, changes nothing, or the run came to no verdict


GOOD = frozenset({Outcome.KILLED, Outcome.GREEN})


@dataclass(frozen=True)
class Conclusion:
    """The proof of one patch.

    Attributes:
        reason: why it ended so; of one that was killed, what else it reddens.
        failed: the checks that failed, by id.
    """

    id: str
    finding: str
    says: str
    outcome: Outcome
    reason: str
    failed: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "outcome": str(self.outcome), "failed": list(self.failed)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Conclusion:
        """The same again, from what `as_dict` gave."""
        return cls(**{**told, "outcome": Outcome(told["outcome"]), "failed": tuple(told["failed"])})


def conclude(
    patch: Patch,
    cells: Sequence[Mapping[str, Any]],
    reference: Mapping[str, str],
    seconds: float,
    *,
    whole: bool = False,
) -> Conclusion:
    """Judge the verdicts of a run.

    Args:
        cells: the judgements of the run, as in `gate.json`.
        reference: what the reference answers to the same checks, by id; for alternatives.
        whole: every check was asked. What goes red besides, or is answered otherwise, is then no fault: a header foretells
            what happens among the checks that a patch is put to every time, and much else may hang on the same lines.
    """
    failed = tuple(cell["id"] for cell in cells if cell["verdict"] == Verdict.FAIL)
    if isinstance(patch, Defect):
        outcome, reason = _of_defect(patch, cells, whole=whole)
    else:
        assert isinstance(patch, Alternative)
        outcome, reason = _of_alternative(patch, cells, reference, whole=whole)
    finding = patch.finding if isinstance(patch, Defect) else ""
    return Conclusion(patch.id, finding, patch.says, outcome, reason, failed, round(seconds, 1))


def broken(patch: Patch, reason: str, seconds: float = 0.0) -> Conclusion:
    finding = patch.finding if isinstance(patch, Defect) else ""
    return Conclusion(patch.id, finding, patch.says, Outcome.BROKEN, reason, (), round(seconds, 1))


def _of_defect(defect: Defect, cells: Sequence[Mapping[str, Any]], *, whole: bool) -> tuple[Outcome, str]:
    failed = {cell["id"]: cell for cell in cells if cell["verdict"] == Verdict.FAIL}
    for red in defect.red:
        own = [failed[name] for name in under(red, failed)]
        if not own:
            return Outcome.SURVIVED, f"{red} does not fail; {_some(failed)}"
        if not any(cell["kind"] == defect.kind and defect.told in cell["reason"] for cell in own):
            told = f"{own[0]['kind']}: {own[0]['reason']}"
            return (
                Outcome.SURVIVED,
                f"{red} fails, but not by a {defect.kind} that says {defect.told!r}: {told}",
            )
    reddened = [cell for cell in cells if cell["verdict"] not in KEPT]
    areas = [area_of(cell["operation"], cell["findings"]) for cell in reddened]
    strange = [pair for pair in zip(areas, reddened, strict=True) if not defect.may_redden(pair[0])]
    if not strange:
        return Outcome.KILLED, ""
    unnamed, (_, cell) = sorted({area for area, _ in strange}), strange[0]
    told = f"{cell['id']} is {cell['verdict']}: {cell['reason']}"
    outcome = Outcome.KILLED if whole else Outcome.MISATTRIBUTED
    return outcome, f"`only` does not name {', '.join(unnamed)}; {told}"


def _of_alternative(
    alternative: Alternative,
    cells: Sequence[Mapping[str, Any]],
    reference: Mapping[str, str],
    *,
    whole: bool,
) -> tuple[Outcome, str]:
    wrong = [cell for cell in cells if cell["verdict"] not in KEPT]
    if wrong:
        first, *others = wrong
        more = f" (and not green either: {_named([cell['id'] for cell in others])})" if others else ""
        return Outcome.FLAGGED, f"{first['id']} is {first['verdict']}: {first['reason']}{more}"
    other = [cell["id"] for cell in cells if cell["seen"] != reference.get(cell["id"], cell["seen"])]
    if silent := [name for name in alternative.seen if not under(name, other)]:
        return Outcome.BROKEN, f"{silent[0]} is answered as by the reference: the alternative is none"
    if other and not alternative.seen and not whole:
        return (
            Outcome.BROKEN,
            f"{other[0]} is answered otherwise than by the reference, and the header does not say so",
        )
    return Outcome.GREEN, ""


def _some(failed: Mapping[str, Any]) -> str:
    return f"{_named(list(failed))} fail" if failed else "nothing fails"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"{', '.join(names[:5])}{more}"
