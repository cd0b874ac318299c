"""Seeded faults of a backend that show under load only: patches of the reference backend, and how their run ends."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from coursegate.commands.proof.defects import FOLDER, TRAFFIC
from coursegate.commands.proof.workshop import apply_patch, copy_backend
from coursegate.tests.load.load_process import LoadRun, run_load

_NOTE = re.compile(r"^# (\w+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """A patch.

    Attributes:
        says: what it does.
        ends: the verdict and the cause of a run against it.
        options: of the command, besides.
        slo: the only objective of the run, in YAML; "" for those of the contract.
    """

    path: Path
    says: str
    ends: tuple[str, str]
    options: tuple[str, ...]
    slo: str


def faults() -> dict[str, Fault]:
    """Every fault by its name."""
    return {path.stem: _read(path) for path in sorted((FOLDER / TRAFFIC).glob("*.patch"))}


def _read(path: Path) -> Fault:
    notes = dict(_NOTE.findall(path.read_text(encoding="utf-8").partition("diff --git")[0]))
    verdict, cause = notes["ends"].split()
    options = tuple(shlex.split(notes.get("options", "")))
    return Fault(path, notes["fault"], (verdict, cause), options, notes.get("slo", ""))


def run_fault(fault: Fault, folder: Path) -> LoadRun:
    """A brief run against a copy of the reference backend with the fault in it."""
    backend = copy_backend(folder)
    apply_patch(fault.path, backend)
    return run_load(
        folder, f"--target={backend}", "--profile=brief", *fault.options, *_objectives(fault, folder)
    )


def _objectives(fault: Fault, folder: Path) -> list[str]:
    if not fault.slo:
        return []
    path = folder / "slo.yaml"
    line = f"{{scenario: all, tier: all, stage: steady, {fault.slo.strip('{}')}}}"
    path.write_text(f"profiles:\n  brief:\n    - {line}\n", encoding="utf-8")
    return [f"--slo={path}"]
