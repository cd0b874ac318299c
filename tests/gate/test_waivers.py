"""A waived failure does not stop a run, and a waiver that is wrong does; a filtered run asks about neither."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from coursegate.commands.proof.defects import FOLDER
from coursegate.commands.proof.workshop import apply_patch
from coursegate.tests.gate.gate_process import GateRun, run_gate

ASKED = ("--check=access/courses.partial_update/course-draft", "--suite=access")


def _coursegate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coursegate.commands.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def _filled(suggested: str) -> str:
    for name, said in (
        ("reason", "mended soon"),
        ("owner", "Ada"),
        ("issue", "EDU-7"),
        ("expires", "2026-12-24"),
    ):
        suggested = suggested.replace(f"    {name}:\n", f"    {name}: {said}\n")
    return suggested


def test_what_fails_is_suggested_waived_and_pruned(backend: Path, tmp_path: Path) -> None:
    """What is suggested and filled in waives exactly what fails; once that passes, it is pruned."""
    apply_patch(FOLDER / "access" / "draft-refused-as-forbidden.patch", backend)
    red = run_gate(tmp_path / "red", *ASKED, target=backend)
    report = str(red.reports / "gate.json")
    failing = {cell["id"] for cell in red.failures() if cell["kind"] != "leak"}
    assert red.code == 1, red.output
    assert failing

    suggestion = _coursegate("waivers", "suggest", f"--report={report}", "--today=2026-11-26").stdout
    file = tmp_path / "waivers.yaml"
    file.write_text(suggestion, encoding="utf-8")
    blank = _coursegate("waivers", "check", f"--waivers={file}")
    assert blank.returncode == 4
    assert "is blank" in blank.stderr

    file.write_text(_filled(suggestion), encoding="utf-8")
    kept = run_gate(tmp_path / "kept", *ASKED, f"--waivers={file}", "--today=2026-12-24", target=backend)
    assert _ids(kept, "waived") == failing

    green = red.reports / "green.json"
    mended = {
        **red.result,
        "cells": [{**cell, "verdict": "pass", "kind": ""} for cell in red.result["cells"]],
    }
    green.write_text(json.dumps(mended), encoding="utf-8")
    pruned = _coursegate("waivers", "prune", f"--waivers={file}", f"--report={green}", "--today=2026-12-24")
    assert pruned.returncode == 0, pruned.stdout + pruned.stderr
    assert file.read_text(encoding="utf-8").endswith("waivers: []\n")


def test_malformed_waivers_are_the_wrong_question(backend: Path, tmp_path: Path) -> None:
    """A waiver file of the target's that nobody can read is told with its line, before anything is judged."""
    (backend / "waivers.yaml").write_text(
        "waivers:\n  - id: access/notes.list/notes/guest\n", encoding="utf-8"
    )

    run = run_gate(tmp_path, *ASKED, target=backend)

    assert run.code == 4
    assert "waivers.yaml:2: missing" in run.output


def _ids(run: GateRun, verdict: str) -> set[str]:
    return {name for name, found in run.verdicts().items() if found == verdict}
