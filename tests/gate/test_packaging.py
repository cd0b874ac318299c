"""The built wheel works in an environment and a folder of its own; the plugin harms nobody else's pytest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from coursegate import __version__
from coursegate.tests.gate.gate_process import BACKEND, ROOT

# What is no Python and is read at work.
DATA = ("contracts/*.yaml", "harness/report/gate.*", "ci/**/*.yml", "backend/**/*.py", "pyproject.toml")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout with the tools of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    # From a copy: a build leaves folders behind, and takes in what an earlier one left.
    ignored = shutil.ignore_patterns(".*", "build", "reports", "*.egg-info", "__pycache__")
    source = shutil.copytree(ROOT, folder / "source", ignore=ignored)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", f"--outdir={folder}", str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the wheel installed; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", f"--target={site}", str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    # Behind the wheel's own folder, and without the finder that would lead back to this checkout.
    libraries = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    (site / "libraries.pth").write_text(f"import sys; sys.path.append({str(libraries)!r})\n")
    return folder / "bin" / "python"


def _run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "DJANGO"))
    }
    command = [str(python), *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_wheel_judges_from_another_folder(python: Path, tmp_path: Path) -> None:
    """From the wheel, in an empty folder, the gate judges its own reference backend."""
    run = _run(
        python,
        tmp_path,
        "-m",
        "coursegate.commands.cli",
        "run",
        "--suite=access",
        "--operation=categories.list",
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "site-packages/coursegate/backend" in run.stdout
    assert (tmp_path / "reports" / "gate.json").is_file()


def test_wheel_holds_what_commands_read(wheel: Path) -> None:
    """Contract files, templates of pages and workflows, and the licence are part of the wheel; its version is the package's."""
    names = set(zipfile.ZipFile(wheel).namelist())

    inside = {path for pattern in DATA for path in ROOT.glob(pattern)}
    assert len(inside) > 20
    assert [path for path in inside if f"coursegate/{path.relative_to(ROOT)}" not in names] == []
    assert f"coursegate-{__version__}.dist-info/licenses/LICENSE" in names
    assert wheel.name.startswith(f"coursegate-{__version__}-")
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_plugin_is_inert_elsewhere(tmp_path: Path) -> None:
    """In somebody else's project pytest runs as if the plugin were not there."""
    (tmp_path / "test_theirs.py").write_text("def test_theirs():\n    assert True\n")

    run = _run(
        Path(sys.executable), tmp_path, "-m", "pytest", "-q", "-p", "no:schemathesis", "-p", "no:locust"
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "coursegate" not in run.stdout
    assert not (tmp_path / "reports").exists()


def test_foreign_ini_is_refused(tmp_path: Path) -> None:
    """Under somebody else's pytest settings the gate does not run; it says what to type."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    run = _run(
        Path(sys.executable),
        tmp_path,
        "-m",
        "pytest",
        f"--target={BACKEND}",
        "-p",
        "no:schemathesis",
        "-p",
        "no:locust",
    )

    assert run.returncode == 4
    assert f"Type: coursegate run --target={BACKEND}" in run.stderr
