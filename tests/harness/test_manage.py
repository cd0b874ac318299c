"""What manage.py sets before it hands over to Django is set for the gate as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.harness.targets.manage import set_by_manage

READS_A_FILE = """
import os
import sys
from pathlib import Path


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    for line in Path(".env").read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    os.environ["TOO_LATE"] = "yes"


if __name__ == "__main__":
    main()
"""
ORDINARY = """
import os
import sys

from django.core.management import execute_from_command_line

open("it-was-run", "w").close()
execute_from_command_line(sys.argv)
"""
FAILS = """
import os
import pathlib

os.environ["UNTIL_THEN"] = "yes"
import nobody_has_this_module
"""


def _set_by(tmp_path: Path, source: str) -> dict[str, str]:
    (tmp_path / "manage.py").write_text(source, encoding="utf-8")
    return set_by_manage(tmp_path)


def test_a_file_of_variables_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that manage.py takes from a file are told, those that the shell has set already are not."""
    (tmp_path / ".env").write_text("SHOP_KEY=from the file\nSHOP_HOST=db\n", encoding="utf-8")
    monkeypatch.setenv("SHOP_HOST", "of the shell")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)

    assert _set_by(tmp_path, READS_A_FILE) == {
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_KEY": "from the file",
    }


def test_an_ordinary_one_is_not_run(tmp_path: Path) -> None:
    """One that imports nothing but what Django's own does is not run at all."""
    assert _set_by(tmp_path, ORDINARY) == {}
    assert not (tmp_path / "it-was-run").exists()


def test_one_that_fails_has_set_something(tmp_path: Path) -> None:
    """What was set before a failure counts: what is missing is told when the settings are loaded."""
    assert _set_by(tmp_path, FAILS) == {"UNTIL_THEN": "yes"}


def test_one_that_cannot_be_read_sets_nothing(tmp_path: Path) -> None:
    """A manage.py that is no Python sets nothing."""
    assert _set_by(tmp_path, "def main(:\n") == {}
