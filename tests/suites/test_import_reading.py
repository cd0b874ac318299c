"""What the checks of unused and undefined names take as excused, in the forms that linters let a team write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.harness.probing.syntax import every_module_below, tree_of
from coursegate.suites.regression import imports

NAME = "courses/compat.py"
USED = {"courses/used.py": "import os\n\nprint(os)\n"}


def _probe(root: Path, files: Mapping[str, str]) -> Any:
    """As much of a probe as these checks use, on a project of these files and one that is as it should be."""
    for name, text in {**USED, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return SimpleNamespace(
        checkout=SimpleNamespace(path=root, sources=root),
        once=lambda _what, look: look(),
        every_file=lambda folder: every_module_below(root, folder),
        tree=lambda file: tree_of(root, file),
    )


@pytest.mark.parametrize(
    "files",
    [
        {NAME: "import json  # noqa: F401\n"},
        {NAME: "import json  # noqa:F401\n"},
        {NAME: "import json  # noqa\n"},
        {NAME: "import json  # NOQA: E402, F401 -- others take it from here\n"},
        {NAME: "import json  # noqa: E402 F401\n"},
        {NAME: "from json import (  # noqa: F401\n    dumps,\n    loads,\n)\n"},
        {NAME: "from json import (\n    dumps,  # noqa: F401\n    loads,\n)\nloads\n"},
        {NAME: "from . import (\n    used,\n    tasks as jobs,  # noqa: F401\n)\nused\n"},
        {NAME: "# ruff: noqa: F401\nimport json\n"},
        {NAME: "# flake8: noqa\nimport json\n"},
        {NAME: "import json\n", "ruff.toml": '[lint.per-file-ignores]\n"courses/compat.py" = ["F401"]\n'},
        {NAME: "import json\n", "ruff.toml": '[lint.per-file-ignores]\n"**/compat.py" = ["F"]\n'},
        {
            "courses/old/names.py": "import json\n",
            "pyproject.toml": '[tool.ruff.lint.per-file-ignores]\n"courses/old/*" = ["F401"]\n',
        },
        {NAME: "import json\n", "setup.cfg": "[flake8]\nper-file-ignores =\n    compat.py: F401\n"},
        {NAME: "import json\n", ".flake8": "[flake8]\nper-file-ignores = */compat.py:E501,F401\n"},
        {
            "courses/old/names.py": "import json\n",
            ".git/HEAD": "",
            "pyproject.toml": '[tool.ruff.lint]\nper-file-ignores = {"courses/old/**" = ["F401"]}\n',
        },
        {"courses/__init__.py": "import json\n"},
    ],
)
def test_excused_imports_are_let_through(tmp_path: Path, files: Mapping[str, str]) -> None:
    """An import that the team's linter lets through, because it is told to, is no finding."""
    imports.imports_are_used(_probe(tmp_path, files))


@pytest.mark.parametrize(
    "files",
    [
        {NAME: "import json\n"},
        {NAME: "import json  # noqa: E402\n"},
        {NAME: "import json\n\nTEXT = '# noqa: F401'\n"},
        {NAME: "import json; TEXT = '# noqa'\n"},
        {NAME: "# noqa: F401\nimport json\n"},
        {NAME: "from json import (\n    dumps,  # noqa: F401\n    load,\n    loads,\n)\n"},
        {NAME: "# ruff: noqa: E402\nimport json\n"},
        {NAME: "import json\n", "ruff.toml": '[lint.per-file-ignores]\n"other.py" = ["F401"]\n'},
        {NAME: "import json\n", "ruff.toml": '[lint.per-file-ignores]\n"courses/**" = ["F401"]\n'},
        {NAME: "import json\n", "ruff.toml": '[lint]\nignore = ["F401"]\n'},
        {"courses/tests.py": "import json\n"},
        {"courses/migrations/0001_initial.py": "import json\n"},
    ],
)
def test_other_unused_imports_are_told(tmp_path: Path, files: Mapping[str, str]) -> None:
    """What excuses something else, or switches the rule off, excuses nothing; tests and migrations are looked at, too."""
    with pytest.raises(AssertionError, match="imported but unused"):
        imports.imports_are_used(_probe(tmp_path, files))


def test_an_excused_import_leaves_undefined_names_told(tmp_path: Path) -> None:
    """The excuse of one rule is none of another."""
    on = _probe(tmp_path, {NAME: "print(json)  # noqa: F401\n"})

    with pytest.raises(AssertionError, match="undefined name"):
        imports.names_are_defined(on)


def test_the_configuration_of_the_repository_counts(tmp_path: Path) -> None:
    """Where the backend is a folder of its repository, the configuration above it names its files from there."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "ruff.toml").write_text('[lint.per-file-ignores]\n"backend/courses/compat.py" = ["F401"]\n')

    imports.imports_are_used(_probe(tmp_path / "backend", {NAME: "import json\n"}))
