"""Seeded authorisation faults of the reference backend, one at a time: each is red in the right row, and named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from coursegate.tests.gate.gate_process import ROOT, apply_patch, run_gate

PATCHES = ROOT / "defects" / "access"


@dataclass(frozen=True)
class Fault:
    """What the gate must say of a patch.

    Attributes:
        cell: one that must fail.
        told: what its reason must name: the canary that leaked, or what was written.
        only: operations that may fail at all; a fault that reddens others would be misattributed.
    """

    cell: str
    told: str
    only: frozenset[str]


LESSONS = frozenset({"lessons.list", "lessons.retrieve"})
MODULES = frozenset({"modules.list", "modules.retrieve"})
COURSES = frozenset({"courses.list", "courses.retrieve"})
CATEGORIES = frozenset({"categories.list", "categories.retrieve"})
WRITES = frozenset({"courses.partial_update", "courses.update"})

FAULTS = {
    "tier-filter-off": Fault(
        cell="access/lessons.list/lessons/guest",
        told="guest received the canary of lesson-premium.content",
        only=frozenset({*LESSONS, *COURSES, *MODULES}),
    ),
    "permission-class-dropped": Fault(
        cell="access/courses.partial_update/course-open/peer",
        told="peer changed last_accessed, subtitle, updated_date of course-open (it holds the canary that was sent)",
        only=WRITES,
    ),
    "cache-key-without-tier": Fault(
        cell="access/lessons.list/lessons/guest",
        told="guest received the canary of lesson-premium.content",
        only=frozenset({"lessons.list", "modules.list", "categories.list", "courses.list"}),
    ),
    "draft-filter-off": Fault(
        cell="access/courses.retrieve/course-draft/registered",
        told="registered received the canary of course-draft.title",
        only=frozenset({*COURSES, *WRITES, *CATEGORIES}),
    ),
    "field-gate-off": Fault(
        cell="access/lessons.retrieve/lesson-premium/lapsed",
        told="lapsed received the canary of lesson-premium.content",
        only=frozenset({"lessons.retrieve"}),
    ),
    "ownership-check-off": Fault(
        cell="access/courses.partial_update/course-peer/owner",
        told="owner changed last_accessed, subtitle, updated_date of course-peer (it holds the canary that was sent)",
        only=WRITES,
    ),
    "field-made-writable": Fault(
        cell="access/courses.partial_update/course-open-with-read-only/owner",
        told="avg_rating is not writable, but went from",
        only=WRITES,
    ),
}


def test_every_patch_is_judged() -> None:
    """No patch lies in the folder without saying here what it must do."""
    assert {patch.stem for patch in PATCHES.glob("*.patch")} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_red_in_its_row(backend: Path, tmp_path: Path, name: str) -> None:
    """A backend with one fault fails in the row of the fault, which names operation, principal and what got out."""
    fault = FAULTS[name]
    apply_patch(PATCHES / f"{name}.patch", backend)

    run = run_gate(tmp_path, target=backend)

    failed = {cell["id"]: cell for cell in run.failures()}
    assert run.code == 1, run.output
    assert fault.cell in failed, run.output
    assert fault.told in failed[fault.cell]["reason"]
    assert {cell["operation"] for cell in failed.values()} <= fault.only
    operation, principal = fault.cell.split("/")[1], fault.cell.split("/")[-1]
    assert operation in run.output
    assert principal in run.output
