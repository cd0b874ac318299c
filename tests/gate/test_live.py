"""A backend is judged over HTTP as it is in process, cell by cell."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from coursegate.commands.proof.defects import FOLDER
from coursegate.commands.proof.workshop import apply_patch
from coursegate.contracts.contract import load_contract
from coursegate.tests.gate.gate_process import run_gate
from coursegate.tests.gate.serving import serving

# Broken in several ways, so that there is something to agree on besides success.
BROKEN = (
    "draft-refused-as-forbidden",
    "inactive-category-shown",
    "role-writable",
    "tier-filter-off-in-the-outline",
)
SOME_ROWS = (
    *(
        "categories.retrieve/category-inactive",
        "courses.retrieve/course-draft",
        "modules.retrieve/module-open",
    ),
    *("courses.partial_update/course-open", "profile.partial_update/self-with-read-only", "notes.list/notes"),
    *("courses.destroy/course-draft", "notes.create/lesson-guest", "subscription.cancel/self"),
)
ONCE, A_FEW = ("courses.destroy/course-draft", "subscription.cancel/self"), ("guest", "owner", "premium")
ALL_ROWS = tuple(dict.fromkeys(cell.row for cell in load_contract().access.cells.values()))
# A destructive row can be asked once by each of nine principals, each time in a fresh world.
MOST_ROUNDS = 12


@pytest.mark.parametrize(
    "rows", [SOME_ROWS, pytest.param(ALL_ROWS, marks=pytest.mark.exhaustive)], ids=["some", "all"]
)
def test_verdicts_are_the_same_over_http(backend: Path, tmp_path: Path, rows: Collection[str]) -> None:
    """Every cell ends over HTTP, reads and writes, as it ends in process, on a backend with several faults."""
    for name in BROKEN:
        apply_patch(FOLDER / "access" / f"{name}.patch", backend)
    wanted = _cells(rows)

    in_process = run_gate(tmp_path, *_only(wanted, tmp_path), target=backend).verdicts()
    live = _live_verdicts(backend, tmp_path, wanted)

    assert set(in_process.values()) == {"pass", "fail"}
    assert live == in_process


def _cells(rows: Collection[str]) -> list[str]:
    """The cells of rows; of some rows that can be asked once in a world only those of a few, each takes a round of its own."""
    return [
        cell.id
        for cell in load_contract().access.cells.values()
        if cell.row in rows and (rows is ALL_ROWS or cell.row not in ONCE or cell.principal in A_FEW)
    ]


def _live_verdicts(backend: Path, tmp_path: Path, wanted: list[str]) -> dict[str, str]:
    """Rounds, each in a fresh world, until every cell has been judged in one: nothing is undone over HTTP."""
    found: dict[str, str] = {}
    for number in range(MOST_ROUNDS):
        left = [name for name in wanted if f"access/{name}" not in found]
        if not left:
            return found
        folder = tmp_path / f"round-{number}"
        folder.mkdir()
        world = folder / "world.json"
        with serving(folder, f"--target={backend}", f"--world={world}") as served:
            options = (f"--world={world}", "--allow-writes", *_only(left, folder))
            run = run_gate(folder, *options, target=served.url)
        judged = {name: verdict for name, verdict in run.verdicts().items() if verdict != "not-assessed"}
        assert judged, run.output
        found |= {name: verdict for name, verdict in judged.items() if name.removeprefix("access/") in left}
    return found


def _only(cells: list[str], folder: Path) -> tuple[str, ...]:
    chosen = folder / "cells.txt"
    chosen.write_text("\n".join(cells), encoding="utf-8")
    return "--suite=access", "-p", "coursegate.tests.gate.chosen", f"--chosen={chosen}"
