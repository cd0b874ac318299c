"""A broken backend gets a report with the true cause first, never a traceback of the gate's, and never green."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coursegate.tests.gate.gate_process import BACKEND, SAMPLE, GateRun, run_gate


def _prepend(file: Path, text: str) -> None:
    file.write_text(text + file.read_text(encoding="utf-8"), encoding="utf-8")


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write(text)


def _first_cause(run: GateRun) -> str:
    return next(str(rung["cause"]) for rung in run.result["preflight"] if rung["verdict"] == "fail")


def _is_report(run: GateRun) -> bool:
    return run.code == 1 and "Traceback" not in run.output


def test_settings_that_raise(backend: Path, tmp_path: Path) -> None:
    """Settings that are found but raise are the target's failure: told with file and line, everything blocked."""
    _append(backend / "educore" / "settings.py", '\nraise RuntimeError("no REDIS_URL")\n')

    run = run_gate(tmp_path, *SAMPLE, target=backend)

    assert _is_report(run), run.output
    assert "educore/settings.py:" in _first_cause(run)
    assert "no REDIS_URL" in _first_cause(run)
    assert set(run.verdicts().values()) == {"blocked"}


def test_settings_that_raise_are_no_findings(backend: Path, tmp_path: Path) -> None:
    """Where a variable is missing that the settings want, no finding about the start fails for it: each is blocked."""
    _append(backend / "educore" / "settings.py", '\nimport os\nos.environ["NOBODY_SET_THIS"]\n')

    run = run_gate(tmp_path, "--finding=APP-01", "--finding=SER-04", "--finding=STO-02", target=backend)

    assert _is_report(run), run.output
    assert "set the environment variable NOBODY_SET_THIS" in _first_cause(run)
    assert set(run.verdicts().values()) == {"blocked", "pass"}  # what is read passes, or not


def test_what_keeps_it_from_starting_is_one_cause(backend: Path, tmp_path: Path) -> None:
    """However many checks of the source come upon what keeps a backend from starting, it is told as one thing to mend."""
    _append(backend / "courses" / "apps.py", '\nraise RuntimeError("half of it is missing")\n')

    run = run_gate(tmp_path, "--finding=APP-01", "--finding=SER-04", target=backend)

    assert _is_report(run), run.output
    causes = {cell["cause"] for cell in run.failures()}
    assert causes == {"it does not start: RuntimeError: half of it is missing"}
    assert len(run.failures()) > 1


def test_missing_package_is_named_with_its_pip_name(backend: Path, tmp_path: Path) -> None:
    """A package the target needs and nobody installed is named as pip knows it."""
    _prepend(
        backend / "educore" / "settings.py",
        "from dotenv_that_is_not_there import load_dotenv\nimport decouple\n",
    )

    run = run_gate(tmp_path, *SAMPLE, target=backend)

    assert _is_report(run), run.output
    assert "pip install dotenv_that_is_not_there" in run.output
    assert "pip install python-decouple" in run.output


def test_broken_module_that_nothing_needs_blocks_nothing(backend: Path, tmp_path: Path) -> None:
    """A module that raises on import, but that no route needs, is told; the rest is judged."""
    (backend / "courses" / "abandoned.py").write_text("from courses.models import NoSuchModel\n")

    run = run_gate(tmp_path, *SAMPLE, target=backend)

    assert _is_report(run), run.output
    assert "courses/abandoned.py:1: ImportError" in _first_cause(run)
    assert run.judged_share() == 1.0


def test_world_object_that_cannot_be_saved(backend: Path, tmp_path: Path) -> None:
    """A save() that crashes is the target's failure; the row is stored past it, and what it holds is judged."""
    _append(
        backend / "courses" / "models" / "__init__.py",
        "\n\ndef _crash(self, *args, **kwargs):\n    raise TypeError('no such signal')\n\n\nResource.save = _crash\n",
    )

    run = run_gate(tmp_path, *SAMPLE, target=backend)

    assert _is_report(run), run.output
    assert "resource-free-on-guest-lesson" in _first_cause(run)
    assert "no such signal" in _first_cause(run)
    assert run.judged_share() == 1.0


def test_foreign_django_settings_module_in_the_shell(tmp_path: Path) -> None:
    """A DJANGO_SETTINGS_MODULE left in the shell does not decide what is judged."""
    run = run_gate(tmp_path, *SAMPLE, env={"DJANGO_SETTINGS_MODULE": "somebody.elses.settings"})

    assert run.code == 0, run.output
    assert run.result["target"]["settings"] == "educore.settings"


def test_run_from_inside_another_checkout(backend: Path, tmp_path: Path) -> None:
    """Started inside another Django checkout, the gate still judges the one it was given."""
    (backend / "courses" / "urls.py").write_text("raise RuntimeError('this checkout must not be judged')\n")

    run = run_gate(tmp_path, *SAMPLE, target=BACKEND, cwd=backend)

    assert run.code == 0, run.output
    assert run.result["target"]["path"] == str(BACKEND)


@pytest.mark.parametrize("asked", ["--operation=categories.list", "--suite=lifecycle"])
def test_target_is_left_as_it_was(asked: str, backend: Path, tmp_path: Path) -> None:
    """A run writes nothing into the target: no byte code, no database, no upload."""

    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(backend.rglob("*")) if path.is_file()}

    before = files()

    # From inside it, as somebody would who works on it, and with the reports where they fall.
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "run",
        "--target=.",
        asked,
    ]
    done = subprocess.run(command, cwd=backend, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "backend-gate-reports" / "gate.json").is_file()
    assert files() == before
