"""The shell steps of actions and workflows, run as GitHub runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from coursegate.tests.gate.gate_process import ROOT


@dataclass(frozen=True)
class Ran:
    """A step that was run: its exit code, what it printed, and what it handed on."""

    code: int
    output: str
    outputs: Mapping[str, str]
    summary: str


def read(path: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return data


def action_step(name: str) -> dict[str, Any]:
    steps: list[dict[str, Any]] = read("action.yml")["runs"]["steps"]
    return next(step for step in steps if step["name"] == name)


def run(script: str, folder: Path, environment: Mapping[str, str], tools: Path | None = None) -> Ran:
    """Run a step in `folder` as `shell: bash` means it; programs in `tools` stand before those of this environment."""
    outputs, summary = folder / ".outputs", folder / ".summary"
    for file in (outputs, summary):
        file.write_text("")
    path = [*([str(tools)] if tools else []), str(Path(sys.executable).parent), os.environ["PATH"]]
    given = {
        "PATH": os.pathsep.join(path),
        "HOME": str(folder),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
        **environment,
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(
        command, cwd=folder, env=given, capture_output=True, text=True, timeout=300, check=False
    )
    pairs = (line.split("=", 1) for line in outputs.read_text().splitlines())
    return Ran(done.returncode, done.stdout + done.stderr, dict(pairs), summary.read_text())


def stub(folder: Path, name: str, script: str) -> Path:
    """A program of that name in `folder`, which is to stand first in the search path."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/bash\n{script}\n")
    program.chmod(0o755)
    return folder
