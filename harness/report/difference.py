"""What has changed between two runs, check by check: people gate on the difference, and read it first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursegate.harness.verdicts import KEPT, Verdict

Cell = Mapping[str, Any]
_UNTESTED = frozenset({Verdict.BLOCKED, Verdict.NOT_ASSESSED})
# What a pull request must not bring, whatever else it brings.
_WORSE = ("newly_failing", "failing_otherwise", "newly_untested", "no_longer_run")
TITLES = {
    "newly_failing": "newly failing",
    "failing_otherwise": "failing in another way",
    "newly_untested": "no longer judged: blocked or not assessed",
    "no_longer_run": "no longer run",
    "newly_waived": "newly waived",
    "fixed": "fixed",
    "newly_run": "new checks that hold",
}


@dataclass(frozen=True)
class Difference:
    """The ids of the checks that ended differently, by how; each list in the order of its report.

    Attributes:
        newly_failing: failing now, and not before; new checks that fail are among them.
        failing_otherwise: failing as another kind than before: a wrong form that has become a leak.
        newly_untested: blocked or not assessed now, and judged before.
        no_longer_run: judged before, and absent now; nothing where the later run was filtered.
        newly_waived: waived now, and not before.
        fixed: failing before, kept now.
        newly_run: kept now, and unknown before.
        partial: whether the later run was filtered: only what it asked for is compared.
    """

    newly_failing: Sequence[str]
    failing_otherwise: Sequence[str]
    newly_untested: Sequence[str]
    no_longer_run: Sequence[str]
    newly_waived: Sequence[str]
    fixed: Sequence[str]
    newly_run: Sequence[str]
    partial: bool = False

    @property
    def is_worse(self) -> bool:
        return any(getattr(self, name) for name in _WORSE)

    def counted(self) -> str:
        """`2 newly failing, 1 fixed`; how they differ in one line."""
        told = [f"{len(ids)} {TITLES[name]}" for name, ids in self.items() if ids]
        return ", ".join(told) or "no check ends differently"

    def items(self) -> Iterator[tuple[str, Sequence[str]]]:
        for name in TITLES:
            yield name, getattr(self, name)

    def as_dict(self) -> dict[str, Any]:
        return {**{name: list(ids) for name, ids in self.items()}, "partial": self.partial}


def difference(base: Mapping[str, Any], head: Mapping[str, Any]) -> Difference:
    """Compare two results (`gate.json`)."""
    before = {cell["id"]: cell for cell in base["cells"]}
    after = {cell["id"]: cell for cell in head["cells"]}
    partial = len(after) < int(head["summary"]["declared"])
    found: dict[str, list[str]] = {name: [] for name in TITLES}
    for name, cell in after.items():
        if changed := _changed(before.get(name), cell):
            found[changed].append(name)
    if not partial:
        found["no_longer_run"] = [name for name in before if name not in after]
    return Difference(**found, partial=partial)


def _changed(before: Cell | None, after: Cell) -> str:
    """How a check ended differently, as the name of a list of `Difference`; "" where it did not."""
    now, then = after["verdict"], before["verdict"] if before else None
    if now == Verdict.FAIL:
        if then != Verdict.FAIL:
            return "newly_failing"
        return "failing_otherwise" if before and before["kind"] != after["kind"] else ""
    if now == then:
        return ""
    if now == Verdict.WAIVED:
        return "newly_waived"
    if now in _UNTESTED:
        return "newly_untested" if then is None or then not in _UNTESTED else ""
    if then is None:
        return "newly_run"
    return "fixed" if now in KEPT and then not in KEPT else ""
