"""An exception of somebody's settings is told with what to do about it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coursegate.harness.preflight.describing import describe
from coursegate.harness.targets.binding import Binding


def _described(source: str, root: Path) -> str:
    (root / "shop").mkdir()
    settings = root / "shop" / "settings.py"
    settings.write_text(source, encoding="utf-8")
    with pytest.raises(Exception) as caught:  # noqa: PT011 -- whatever settings raise
        exec(compile(source, str(settings), "exec"), {"os": os})
    return describe(caught.value, Binding(root, "shop.settings"))


def test_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    """A variable of the environment that the settings need is named as one."""
    told = _described("KEY = os.environ['NOBODY_SET_THIS']", tmp_path)

    assert (
        told
        == "shop/settings.py:1: KeyError: 'NOBODY_SET_THIS' (set the environment variable NOBODY_SET_THIS)"
    )


def test_variables_that_are_asked_for_next_are_named_too(tmp_path: Path) -> None:
    """Whoever must set one variable is told of the others that the same file asks for, and that are not set."""
    told = _described(
        "KEY = os.environ['NOBODY_SET_THIS']\n"
        "HOME = os.environ['PATH']\n"
        "if not KEY:\n    OTHER = os.environ['NOR_THIS']\n"
        "os.environ['SET_HERE'] = KEY",
        tmp_path,
    )

    assert told.endswith(
        "(set the environment variable NOBODY_SET_THIS; the same file asks for NOR_THIS, too)"
    )


def test_variable_of_which_settings_speak_in_their_own_words_is_named(tmp_path: Path) -> None:
    """Where settings say themselves that a variable is missing, it is named, with where to find all of them."""
    (tmp_path / ".env.example").touch()

    told = _described(
        "raise LookupError('Environment variable DB_NAME is required.') if 'HOME' in os.environ else 0",
        tmp_path,
    )

    assert "(set the environment variable DB_NAME; .env.example names all; " in told


def test_complaint_of_settings_about_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    """What settings refuse for another reason is not taken for a variable of the environment."""
    assert "(set" not in _described("raise LookupError('INSTALLED_APPS holds courses twice')", tmp_path)


def test_key_of_anything_else_is_no_variable(tmp_path: Path) -> None:
    """A key of a dictionary is not taken for a variable of the environment."""
    assert "environment" not in _described("KEY = {}['NOBODY_SET_THIS']", tmp_path)


def test_sample_of_an_absent_env_file_is_named(tmp_path: Path) -> None:
    """Where the team keeps a sample of its .env, the command that copies it is told."""
    (tmp_path / ".env.example").touch()

    assert "cp .env.example .env" in _described(f"open({str(tmp_path / '.env')!r})", tmp_path)


def test_server_that_does_not_answer_is_told_as_one(tmp_path: Path) -> None:
    """A server that settings ask while they are loaded is told as what it is."""
    told = _described("raise ConnectionRefusedError('nobody at 5432')", tmp_path)

    assert "the settings ask a server while they are loaded" in told
