"""The first rung reads the code without running it, and names what is broken or missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.harness.preflight.source import check_source
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict


def _causes(folder: Path, files: dict[str, str]) -> tuple[str, ...]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return check_source(Binding(folder, "shop.settings")).causes


def test_sound_source_passes(tmp_path: Path) -> None:
    """Modules that parse and import what exists, here or installed, hold."""
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "models.py").write_text(
        "import json\nimport courses.views\nfrom . import views\n"
    )

    assert check_source(Binding(tmp_path, "shop.settings")).verdict is Verdict.PASS


def test_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    """A file that does not parse is named with the line where it stops doing so."""
    (cause,) = _causes(tmp_path, {"courses/models.py": "import json\nclass Broken(:\n"})

    assert cause.startswith("courses/models.py:2: SyntaxError")


def test_missing_package_is_named_once(tmp_path: Path) -> None:
    """A package that is missing in many places is one cause, with the name pip knows it by."""
    files = {f"courses/{name}.py": "from decouple_of_nobody import config\n" for name in ("a", "b", "c")}

    assert _causes(tmp_path, files) == (
        "courses/a.py:1: no module named 'decouple_of_nobody' (pip install decouple_of_nobody), and 2 more places",
    )


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import nobody_has_this\nexcept ImportError:\n    pass\n",
        "def later():\n    import nobody_has_this\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nobody_has_this\n",
    ],
    ids=["guarded", "in-a-function", "for-types"],
)
def test_optional_import_is_no_cause(tmp_path: Path, text: str) -> None:
    """An import that loading the module does not need may be missing."""
    assert _causes(tmp_path, {"courses/storage.py": text}) == ()


def test_tests_and_environments_are_left_out(tmp_path: Path) -> None:
    """What does not run in production, and what is not the team's code, is not judged."""
    files = {
        "courses/tests/test_it.py": "import nobody_has_this\n",
        "venv/pyvenv.cfg": "",
        "venv/lib/thing.py": "class Broken(:\n",
    }

    assert _causes(tmp_path, files) == ()


@pytest.mark.parametrize(
    "files",
    [
        {"fabfile.py": "import nobody_has_this\n"},
        {
            "courses/test_api.py": "import nobody_has_this\n",
            "courses/conftest.py": "import nobody_has_this\n",
        },
        {
            "shop/settings/dev.py": "from .base import *\nimport nobody_has_this\n",
            "shop/settings/base.py": "A = 1\n",
            "shop/settings/production.py": "from .base import *\n",
        },
    ],
    ids=["a-tool", "tests-beside-the-code", "settings-of-others"],
)
def test_what_no_server_loads_is_not_judged(tmp_path: Path, files: dict[str, str]) -> None:
    """A tool beside manage.py, tests beside the code and settings for another place may need what is not here."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert check_source(Binding(tmp_path, "shop.settings.production")).causes == ()


def test_what_the_settings_import_is_judged(tmp_path: Path) -> None:
    """A module beside manage.py that somebody imports, and settings that the chosen ones stand on, must be sound."""
    causes = _causes(
        tmp_path,
        {
            "manage.py": "import shared\n",
            "shared.py": "import nobody_has_this\n",
            "shop/settings/settings.py": "from .base import *\n",
            "shop/settings/base.py": "import nor_this\n",
        },
    )

    assert [cause.partition(":")[0] for cause in causes] == ["shared.py", "shop/settings/base.py"]


def test_app_of_another_folder_is_not_missing(tmp_path: Path) -> None:
    """An app that stands in a folder which the settings put on the path is there; pip is not asked for its name."""
    files = {
        "apps/courses/models.py": "from users_of_nobody.models import User\n",
        "apps/users_of_nobody/models.py": "class User: pass\n",
    }

    assert _causes(tmp_path, files) == ()
