"""A backend that calls a model otherwise is judged by it, once its team says so."""

from __future__ import annotations

import re
from pathlib import Path

from coursegate.tests.gate.gate_process import run_gate

ASKED = ("--operation=notes.list", "--operation=notes.retrieve", "--suite=access", "--suite=overposting")
SAID = '[models]\n"courses.Note" = "courses.Jotting"\n'


def _renamed(backend: Path) -> None:
    """Notes are jottings from now on, in code and tables; what is related to them keeps its names."""
    for file in backend.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        renamed = re.sub(r"\bNote\b", "Jotting", text)
        if "migrations" in file.parts:
            renamed = re.sub(r"""(["'])note\1""", r"\1jotting\1", renamed)
        file.write_text(renamed, encoding="utf-8")


def test_renamed_model_is_judged(backend: Path, tmp_path: Path) -> None:
    """Under its own name its rows are asked like any other; where nobody says so, what needs it is blocked and told."""
    _renamed(backend)
    unsaid = run_gate(tmp_path / "unsaid", *ASKED, target=backend)
    (backend / "coursegate.toml").write_text(SAID, encoding="utf-8")
    said = run_gate(tmp_path / "said", *ASKED, target=backend)

    assert said.code == 0, said.output
    assert set(said.verdicts().values()) == {"pass"}
    assert unsaid.code == 1, unsaid.output
    assert "blocked" in unsaid.verdicts().values()
    assert "courses.Note" in unsaid.output
