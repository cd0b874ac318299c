"""Commands whose packages come as an extra: where those are absent, the command says what to install."""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass
from typing import Any

from coursegate.harness.targets.binding import TargetError


@dataclass(frozen=True)
class Absent:
    """A command that cannot be loaded; it takes any arguments, and answers with what it lacks."""

    name: str
    extra: str
    lacks: str

    def add_arguments(self, command: argparse.ArgumentParser, *_more: Any) -> None:
        command.prefix_chars = "\0"  # nothing begins an option: whatever was typed is an argument
        command.add_argument("arguments", nargs="*")

    def answer(self, _said: argparse.Namespace) -> int:
        raise TargetError(f"{self.name} needs {self.lacks}: pip install 'coursegate[{self.extra}]'")


def command(name: str, extra: str) -> Any:
    """The module of a command, or what stands in for it where a package of its extra is not installed."""
    try:
        return importlib.import_module(f"coursegate.commands.{name}")
    except ModuleNotFoundError as absent:
        return Absent(name, extra, str(absent.name))
