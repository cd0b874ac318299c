"""A shell completes every command of the gate, and the options of a run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursegate.commands.completion import SHELLS


def _script(shell: str) -> str:
    command = [sys.executable, "-m", "coursegate.commands.cli", "completion", shell]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_script_knows_commands_and_options(shell: str) -> None:
    """The script of each shell names the commands, and what a run can be asked for."""
    text = _script(shell)

    assert all(word in text for word in ("doctor", "findings", "replay", "phase", "allow-not-assessed"))


def test_bash_completes(tmp_path: Path) -> None:
    """bash itself, given the script, completes a command and an option of it."""
    (tmp_path / "completion").write_text(_script("bash"))
    asking = "source completion; COMP_WORDS=({words}); COMP_CWORD={place}; {function}; echo ${{COMPREPLY[@]}}"

    def completed(words: str, place: int) -> list[str]:
        script = asking.format(words=words, place=place, function="_shtab_coursegate")
        bash = shutil.which("bash") or "bash"
        done = subprocess.run(
            [bash, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
        )
        return done.stdout.split()

    assert completed("coursegate fin", 1) == ["findings"]
    assert completed("coursegate run --pha", 2) == ["--phase"]
