"""A wrong question is answered with one sentence and exit code 4."""

from __future__ import annotations

import shutil
from pathlib import Path

from coursegate.contracts.contract import FOLDER
from coursegate.tests.gate.gate_process import GateRun, run_gate


def _is_refused(run: GateRun, sentence: str) -> bool:
    lines = [line for line in run.output.splitlines() if line.strip()]
    return run.code == 4 and len(lines) == 1 and sentence in lines[0]


def test_folder_without_a_backend(tmp_path: Path) -> None:
    """A folder that holds no backend is refused, saying what is missing."""
    run = run_gate(tmp_path, target=tmp_path)

    assert _is_refused(run, "not a Django backend, it has no manage.py"), run.output


def test_settings_module_that_is_not_there(tmp_path: Path) -> None:
    """A settings module that does not exist is refused, naming those that do."""
    run = run_gate(tmp_path, "--settings=educore.production")

    assert _is_refused(run, "found there: educore.settings"), run.output


def test_malformed_contract(tmp_path: Path) -> None:
    """A contract with one wrong word is refused with file and line."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "contracts"))
    table = folder / "access.yaml"
    table.write_text(table.read_text().replace("[full, ", "[fulll,", 1))

    run = run_gate(tmp_path, f"--contract={folder}")

    assert _is_refused(run, "'fulll' is no outcome"), run.output
    assert f"{table}:" in run.output


def test_report_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A report folder that is a file is refused before anything runs."""
    (tmp_path / "reports").write_text("a file")

    run = run_gate(tmp_path)

    assert _is_refused(run, "cannot be written"), run.output


def test_unknown_selection(tmp_path: Path) -> None:
    """A principal, operation or suite that does not exist is refused, naming those that do."""
    assert _is_refused(run_gate(tmp_path, "--principal=admin"), "there are assistant, former, guest")
    assert _is_refused(run_gate(tmp_path, "--operation=lessons.fetch"), "lessons.retrieve")
    assert _is_refused(run_gate(tmp_path, "--suite=speed"), "there are access")
