"""`coursegate completion SHELL`: what a shell needs to complete the gate's commands and options."""

from __future__ import annotations

import argparse
from typing import Any, cast

import pytest

from coursegate.commands.run_options import add_options

SHELLS = ("bash", "zsh", "fish", "tcsh")


def add_arguments(command: argparse.ArgumentParser, whole: argparse.ArgumentParser) -> None:
    command.add_argument("shell", choices=SHELLS)
    command.set_defaults(whole=whole)


def answer(said: argparse.Namespace) -> int:
    """Print the script. Returns 0."""
    import shtab  # only here: every start of the gate would pay for it

    commands = next(
        action for action in said.whole._actions if isinstance(action, argparse._SubParsersAction)
    )
    add_options(cast(pytest.OptionGroup, _Options(commands.choices["run"])))
    print(shtab.complete(said.whole, shell=said.shell))
    return 0


class _Options:
    """The options of a run, which pytest reads, for a parser that only wants to know them."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser

    def addoption(self, *names: str, **said: Any) -> None:
        if names != ("--target",):  # the parser knows it already
            self._parser.add_argument(*names, **said)
