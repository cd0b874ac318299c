"""A command that lacks a package says which one, and how to get it; the others are not touched by that."""

from __future__ import annotations

import argparse

import pytest

from coursegate.commands import doctor
from coursegate.commands.extras import Absent, command
from coursegate.harness.targets.binding import TargetError


def test_command_that_is_there_is_loaded() -> None:
    """A command whose packages are there is the module itself."""
    assert command("doctor", "none") is doctor


def test_command_that_lacks_a_package_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be loaded takes any arguments, and answers with what to install."""

    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named 'psutil', needed by {name}", name="psutil")

    monkeypatch.setattr("importlib.import_module", absent)
    found = command("load", "load")
    parser = argparse.ArgumentParser()
    found.add_arguments(parser, "more")

    assert isinstance(found, Absent)
    with pytest.raises(TargetError, match=r"load needs psutil: pip install 'coursegate\[load\]'"):
        found.answer(parser.parse_args(["--profile", "smoke"]))
