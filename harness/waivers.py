"""Waivers held against a run: which of them hold, and what is wrong with the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from coursegate.contracts.waivers import Waiver
from coursegate.harness.verdicts import KEPT, Judgement, Kind, Verdict

_LINE = re.compile(r":\d+\b")


class State(StrEnum):
    """What has become of a waiver in a run."""

    USED = "used"
    NOT_ASKED = "not-asked"
    EXPIRED = "expired"
    UNMATCHED = "unmatched"
    UNNEEDED = "unneeded"
    DIFFERENT = "different"
    REFUSED = "refused"


# What is not green on a full run.
WRONG = frozenset({State.EXPIRED, State.UNMATCHED, State.UNNEEDED, State.DIFFERENT, State.REFUSED})


@dataclass(frozen=True)
class Standing:
    """A waiver and what has become of it; `told` says why, for a person."""

    waiver: Waiver
    state: State
    told: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in `gate.json`."""
        said = self.waiver
        return {
            "id": said.id,
            "state": str(self.state),
            "told": self.told,
            "fails": said.fails,
            "reason": said.reason,
            "owner": said.owner,
            "issue": said.issue,
            "created": said.created.isoformat(),
            "expires": said.expires.isoformat(),
            "signature": said.signature,
        }


def waived(judgement: Judgement, waivers: Mapping[str, Waiver], today: date) -> Judgement:
    """The judgement, or the same as `waived` where a waiver holds for it. It keeps what it found."""
    waiver = waivers.get(judgement.id)
    if waiver is None or judgement.verdict is not Verdict.FAIL:
        return judgement
    if standing(waiver, judgement.as_dict(), today).state is not State.USED:
        return judgement
    until = f"waived until {waiver.expires} by {waiver.owner} ({waiver.issue}): {waiver.reason}"
    return replace(judgement, verdict=Verdict.WAIVED, reason=f"{judgement.reason}; {until}")


def standings(
    waivers: Sequence[Waiver], cells: Mapping[str, Mapping[str, Any]], declared: Sequence[str], today: date
) -> list[Standing]:
    """What has become of each waiver.

    Args:
        cells: what was judged, by id; checks that were not asked are absent.
        declared: the ids of all checks.
    """
    known = set(declared)
    return [
        standing(waiver, cells.get(waiver.id), today)
        if waiver.id in known
        else Standing(waiver, State.UNMATCHED, "no check is called so: it was renamed, or never was one")
        for waiver in waivers
    ]


def standing(waiver: Waiver, cell: Mapping[str, Any] | None, today: date) -> Standing:
    """What has become of a waiver of a check that exists; `cell` is None where it was not asked."""
    if waiver.expires < today:
        return Standing(waiver, State.EXPIRED, f"it expired on {waiver.expires}")
    if cell is None:
        return Standing(waiver, State.NOT_ASKED)
    if cell["verdict"] in KEPT:
        return Standing(waiver, State.UNNEEDED, f"the check ends as {cell['verdict']}: take the waiver out")
    if cell["kind"] == Kind.LEAK:
        return Standing(waiver, State.REFUSED, "it is a leak now, and no leak is waived")
    if is_of_the_contract(cell):
        return Standing(
            waiver, State.REFUSED, "whether the contract's own operations are there is not waived"
        )
    if cell["verdict"] not in {Verdict.FAIL, Verdict.WAIVED}:
        return Standing(waiver, State.NOT_ASKED, f"the check could not be judged: {cell['verdict']}")
    if cell["kind"] != waiver.fails:
        return Standing(
            waiver, State.DIFFERENT, f"waived as {waiver.fails}, but it fails as {cell['kind']} now"
        )
    if waiver.cause and _stable(waiver.cause) != _stable(cell["cause"]):
        return Standing(waiver, State.DIFFERENT, f"it fails for another cause now: {cell['cause']}")
    return Standing(waiver, State.USED)


def is_of_the_contract(cell: Mapping[str, Any]) -> bool:
    """Whether a check is about the inventory of an operation that the contract describes."""
    return cell["suite"] == "inventory" and bool(cell["operation"])


def _stable(cause: str) -> str:
    """A cause without what every edit of a file changes: the numbers of its lines."""
    return " ".join(_LINE.sub("", cause).split())
