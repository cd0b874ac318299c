"""The commands of the documents: what a reader is told to type, in order."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from coursegate.tests.gate.gate_process import ROOT

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
)
# What a document shows and nobody types: answers of the gate, a table of its files.
_PROGRAMS = ("coursegate", "make", "pip")


@dataclass(frozen=True)
class Command:
    """One line to type, without its comment."""

    document: str
    line: int
    text: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text)


def commands_of(document: str) -> list[Command]:
    """What stands in the indented and fenced blocks of a document, and begins with one of our programs."""
    found, fenced = [], False
    for number, line in enumerate((ROOT / document).read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            text = re.sub(r"\s+#.*$", "", line).strip()
            if text.split(" ")[0] in _PROGRAMS:
                found.append(Command(document, number, text))
    return found


def inline_commands(document: str) -> list[Command]:
    """What a document names within its sentences: "`coursegate findings ID`"."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [
        Command(document, text.count("\n", 0, match.start()) + 1, match[1])
        for match in re.finditer(r"`((?:coursegate|make) [^`]+)`", text)
    ]


def makefile_targets(makefile: Path) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile.read_text(encoding="utf-8"), re.MULTILINE))
