"""`coursegate init` writes what a backend's repository needs, and nothing over what is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from coursegate.commands.init import files, look
from coursegate.contracts.agreement import load_agreement
from coursegate.contracts.waivers import load_waivers
from coursegate.harness.targets.binding import locate
from coursegate.tests.gate.gate_process import BACKEND

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """A backend in a folder of a repository, with nothing in it but where things are."""
    backend = tmp_path / "repository" / "server"
    for folder in ("courses", "shop"):
        (backend / folder).mkdir(parents=True)
        (backend / folder / "__init__.py").write_text("")
    (backend / "manage.py").write_text(MANAGE)
    (backend / "shop" / "settings.py").write_text("")
    (backend / "requirements.txt").write_text("")
    subprocess.run(["git", "init", "-q", str(backend.parent)], check=True, timeout=20)
    return backend


def test_files_stand_where_they_are_looked_for(backend: Path) -> None:
    """Workflows stand at the top of the repository, the gate's own files beside manage.py."""
    names = [path.relative_to(backend.parent).as_posix() for path in files(look(locate(backend)))]

    assert names == [
        "server/coursegate.toml",
        "server/waivers.yaml",
        ".github/workflows/coursegate-nightly.yml",
        ".github/workflows/coursegate.yml",
    ]


def test_workflows_know_the_backend(backend: Path) -> None:
    """The workflows name the backend's folder and its requirements, from the top of the repository."""
    workflows = [
        yaml.safe_load(text) for path, text in files(look(locate(backend))).items() if path.suffix == ".yml"
    ]

    for workflow in workflows:
        assert workflow["jobs"]["judge"]["env"] == {
            "TARGET": "server",
            "REQUIREMENTS": "server/requirements.txt",
        }


def test_requirements_that_are_not_there_are_not_installed(backend: Path) -> None:
    """A backend without a file of requirements has workflows that install none."""
    (backend / "requirements.txt").unlink()

    assert look(locate(backend)).requirements == ""


@pytest.mark.parametrize(
    ("urls", "prefix"),
    [
        ('path("api/", include("courses.urls"))', "/api/"),
        ('path("v2/shop/", include(("courses.api.urls", "courses")))', "/api/"),
        ('path("v2/shop/", include("courses.api.urls", namespace="x"))', "/v2/shop/"),
        ('re_path(r"^v3/", include("courses.urls"))', "/v3/"),
        ('path("api/", include("other.urls"))', "/api/"),
        ("not python", "/api/"),
    ],
)
def test_prefix_is_read_from_the_urlconf(backend: Path, urls: str, prefix: str) -> None:
    """The prefix is what the project puts before the URLs of the audited app, where it says so plainly."""
    (backend / "shop" / "urls.py").write_text(f"urlpatterns = [{urls}]\n")

    found = look(locate(backend))
    (backend / "coursegate.toml").write_text(files(found)[backend / "coursegate.toml"])
    agreement = load_agreement(backend / "coursegate.toml")

    assert (agreement.settings, agreement.prefix) == ("shop.settings", prefix)


def test_waiver_file_is_empty(backend: Path, tmp_path: Path) -> None:
    """The waiver file waives nothing."""
    (tmp_path / "waivers.yaml").write_text(files(look(locate(backend)))[backend / "waivers.yaml"])

    assert load_waivers(tmp_path / "waivers.yaml") == ()


def test_nothing_is_overwritten(backend: Path) -> None:
    """What is there already is left as it is, and said so; a backend that does not start is told with the next step."""
    (backend / "coursegate.toml").write_text("# ours\n")

    done = _init(backend)
    again = _init(backend)

    assert done.returncode == again.returncode == 1
    assert (backend / "coursegate.toml").read_text() == "# ours\n"
    assert done.stdout.count("left as it is") == 1
    assert done.stdout.count("written   ") == 3
    assert again.stdout.count("left as it is") == 4
    assert f"Next: coursegate run --target={backend}" in done.stdout


def test_no_backend_is_no_question(tmp_path: Path) -> None:
    """In a folder without a backend nothing is written."""
    done = _init(tmp_path)

    assert done.returncode == 4
    assert "it has no manage.py" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_reference_backend_is_ready() -> None:
    """What would be written for the reference backend names its folder in this repository."""
    found = look(locate(BACKEND))

    assert (found.prefix, found.requirements.rpartition("/")[2]) == ("/api/", "requirements.txt")
    assert not (BACKEND / "coursegate.toml").exists()


def _init(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coursegate.commands.cli", "init", f"--target={folder}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
