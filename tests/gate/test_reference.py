"""The reference backend keeps every promise, and says so the same way every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.report.gate_json import SCHEMA
from coursegate.tests.gate.gate_process import BACKEND, ROOT, ROWS, SAMPLE, GateRun, run_gate


@pytest.fixture(scope="module")
def green(tmp_path_factory: pytest.TempPathFactory) -> GateRun:
    """A run as `make gate` makes it, of a sample of the rows; the whole is `make gate` itself."""
    reports = tmp_path_factory.mktemp("green") / "reports"
    command = [sys.executable, "-X", "dev", "-Wd", "-m", "pytest", "-q", f"--report-dir={reports}", *SAMPLE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    return GateRun(done.returncode, done.stdout + done.stderr, reports)


def test_every_cell_of_a_row_is_asked_and_passes(green: GateRun) -> None:
    """The reference backend passes every cell of the rows it was asked about, none left out."""
    assert green.code == 0, green.output
    wanted = {f"access/{cell.id}" for cell in load_contract().access.cells.values() if cell.row in ROWS}
    assert green.verdicts() == dict.fromkeys(wanted, "pass")


def test_run_prints_no_warning_and_one_screen(green: GateRun) -> None:
    """Nothing on the terminal is a warning, and all of it fits one screen."""
    assert "warning" not in green.output.lower()
    assert len(green.output.splitlines()) < 24


def test_report_obeys_its_schema(green: GateRun) -> None:
    """gate.json is what its JSON Schema says."""
    jsonschema.validate(green.result, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_report_holds_no_secret(green: GateRun) -> None:
    """No token and no password reaches a report or the terminal."""
    texts = [path.read_text(encoding="utf-8") for path in green.reports.rglob("*") if path.is_file()] + [
        green.output
    ]

    assert not any("eyJ" in text for text in texts)
    assert not any("-Aa1" in text for text in texts)


def test_overlay_is_listed(green: GateRun) -> None:
    """The report names every setting that was replaced."""
    replaced = {item["setting"] for item in green.result["target"]["overlay"]}

    assert {"DATABASES", "CACHES", "PASSWORD_HASHERS", "ALLOWED_HOSTS", "EMAIL_BACKEND"} <= replaced


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.exhaustive), 2])
def test_result_depends_on_neither_order_nor_workers(green: GateRun, tmp_path: Path, seed: int) -> None:
    """Shuffled, and spread over two workers, a run ends with the same gate.json but for its times."""
    shuffled = ["-p", "coursegate.tests.gate.shuffled", f"--shuffle={seed}"]
    run = run_gate(tmp_path, *shuffled, *(["-n", "2"] if seed > 1 else []), *SAMPLE)

    assert run.code == 0, run.output
    assert _timeless(run) == _timeless(green)


def _timeless(run: GateRun) -> dict[str, Any]:
    return {key: value for key, value in run.result.items() if key != "duration_s"}


def test_filtered_run_is_partial(tmp_path: Path) -> None:
    """A run of some cells that finds nothing wrong is partial: exit 0, but no pass."""
    run = run_gate(tmp_path, "--operation=lessons.retrieve", "--principal=guest")

    assert run.code == 0, run.output
    assert run.result["verdict"] == "partial"
    assert {cell["operation"] for cell in run.result["cells"]} == {"lessons.retrieve"}
    assert {cell["principal"] for cell in run.result["cells"]} == {"guest"}


def test_run_that_checks_nothing_fails(tmp_path: Path) -> None:
    """A selection that leaves nothing to judge is not green."""
    run = run_gate(tmp_path, "-k", "nothing-is-called-this")

    assert run.code == 5, run.output


def test_replay_sends_one_cell_again(tmp_path: Path) -> None:
    """`coursegate replay` prints the request, the answer and the verdict of one cell."""
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "replay",
        "access/lessons.retrieve/lesson-premium/premium",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert '"Authorization: Bearer $TOKEN_PREMIUM"' in done.stdout
    assert "lesson-premium/premium: pass" in done.stdout
    assert "eyJ" not in done.stdout


def test_replay_of_an_unknown_cell_names_near_ones(tmp_path: Path) -> None:
    """A cell that does not exist is refused with cells that do."""
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "replay",
        "access/lessons.retrieve/nothing/guest",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)

    assert done.returncode == 4
    assert "for example access/lessons.retrieve/lesson-guest/guest" in done.stderr


def test_doctor_finds_the_reference_backend_sound(tmp_path: Path) -> None:
    """`coursegate doctor` climbs every rung of the reference backend."""
    command = [sys.executable, "-m", "coursegate.commands.cli", "doctor", f"--target={BACKEND}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    for rung in ("source", "imports", "start", "database", "http"):
        assert f"  {rung:<9} pass\n" in done.stdout
    assert "stored something else" not in done.stdout, (
        "a protected field of the world that nothing is known by"
    )


def test_replay_starts_the_services_that_a_check_needs(tmp_path: Path) -> None:
    """`coursegate replay` of a check that needs PostgreSQL starts one, as a run does, and leaves nothing of it."""
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "replay",
        "regression/VAL-05/rows-of-the-previous-release-are-kept",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "rows-of-the-previous-release-are-kept: pass" in done.stdout
    assert list(tmp_path.iterdir()) == []
