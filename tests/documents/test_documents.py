"""What the documents tell somebody to type works, and what they lead to is there."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import pytest

from coursegate.commands.cli import _parser
from coursegate.commands.completion import _Options
from coursegate.commands.proof.workshop import copy_backend
from coursegate.commands.run_options import add_options
from coursegate.contracts.agreement import TABLES
from coursegate.tests.documents.commands import (
    DOCUMENTS,
    Command,
    commands_of,
    inline_commands,
    makefile_targets,
)
from coursegate.tests.gate.gate_process import ROOT

GUIDES = ("docs/qa-engineer.md", "docs/backend-developer.md", "docs/ci-owner.md")
SECONDS = 900
# What needs more than a checkout: the database and the server of a deployment. tests/gate/test_live.py runs them.
APART = ("coursegate seed ", "coursegate run --target=http://")


def _complaint(command: Command, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line has against a command; "" where it takes it."""
    parser = _parser(["completion"])
    commands = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    add_options(cast(pytest.OptionGroup, _Options(commands.choices["run"])))
    try:
        parser.parse_args(command.words[1:])
    except SystemExit as end:
        return capsys.readouterr().err if end.code else ""
    return ""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_are_understood(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command of a document has a name, options and values that the gate knows."""
    targets = makefile_targets(ROOT / "Makefile")
    wrong = {}
    for command in commands_of(document):
        if command.words[0] == "make":
            complaint = "" if command.words[1] in targets else "the Makefile has no such target"
        elif command.words[0] == "coursegate":
            complaint = _complaint(command, capsys)
        else:
            complaint = ""
        if complaint:
            wrong[f"{document}:{command.line} {command.text}"] = complaint
    assert wrong == {}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_names_within_sentences_are_those_of_commands(document: str) -> None:
    """A command that a sentence names is one that there is."""
    commands = next(
        one for one in _parser(["completion"])._actions if isinstance(one, argparse._SubParsersAction)
    )
    known = {"coursegate": set(commands.choices), "make": makefile_targets(ROOT / "Makefile")}

    for command in inline_commands(document):
        program, name = command.text.split()[:2]
        assert name in known[program] or name.startswith("-"), f"{document}:{command.line} {command.text}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    """Every file that a document links to is there."""
    text = (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)

    assert [
        link
        for link in links
        if not link.startswith("http") and not ((ROOT / document).parent / unquote(link)).exists()
    ] == []


@pytest.mark.parametrize("document", ["README.md", *GUIDES])
def test_document_fits_two_screens(document: str) -> None:
    """What is to be read fits two screens."""
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 110
    assert max(map(len, lines)) <= 250


@pytest.mark.exhaustive
@pytest.mark.parametrize("document", GUIDES)
def test_commands_of_a_guide_work_in_their_order(document: str, tmp_path: Path) -> None:
    """Whoever types what a guide says, one line after the other, gets what it says, on the reference backend."""
    copy_backend(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path / "backend")], check=True, timeout=20)
    # What readers write themselves, as the guides tell them to.
    (tmp_path / "waivers.yaml").write_text("waivers: []\n", encoding="utf-8")
    for command in commands_of(document):
        if command.text.startswith(APART):
            continue
        done = _typed(command, tmp_path)
        assert done.returncode in {0, 2}, (
            f"{document}:{command.line} {command.text}\n{done.stdout}{done.stderr}"
        )


def _typed(command: Command, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    words = [shutil.which(command.words[0], path=environment["PATH"]) or command.words[0], *command.words[1:]]
    with subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        if command.words[1] == "serve":
            assert process.stdout is not None
            next(line for line in process.stdout if "http://127.0.0.1" in line)
            process.send_signal(signal.SIGINT)
        try:
            output, _ = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
    return subprocess.CompletedProcess(words, process.returncode, output, "")


def test_every_key_of_the_agreement_is_described() -> None:
    """The table of what `coursegate.toml` may say names every table and every key, and none that there is not."""
    rows = re.findall(r"^\| `\[(\w+)\]` `([^`]+)`", (ROOT / "docs/qa-engineer.md").read_text("utf-8"), re.M)
    described: dict[str, set[str]] = {}
    for table, key in rows:
        described.setdefault(table, set()).add(key)

    assert described.keys() == TABLES.keys()
    assert {table: keys for table, keys in described.items() if TABLES[table] is not None} == {
        table: keys for table, keys in TABLES.items() if keys is not None
    }
