"""All faults of `defects/fuzz` in one backend, judged in one run: which of them are reported, and what `st run` finds there.

`python -m coursegate.tests.bench.fuzz_recall [--profile nightly] [--fuzz-seconds N] [--st-seconds N]` prints a table and
writes `reports/fuzz-recall.json`.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursegate.commands.proof.defects import FOLDER, Defect, read
from coursegate.commands.proof.workshop import apply_patch, copy_backend
from coursegate.tests.gate.gate_process import ROOT
from coursegate.tests.gate.serving import serving

SUITES = ("isolation", "fuzz", "lifecycle")
# What st run says of an operation, and by which words of it a fault is recognised: the operation, and the sort of failure.
ST_KINDS = {
    "error": ("Server error",),
    "form": ("Undocumented", "schema", "accepted"),
    "leak": ("auth",),
    "effect": ("deleted",),
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", default="pr")
    parser.add_argument("--fuzz-seconds", default="0")
    parser.add_argument("--st-seconds", type=int, default=0, help="also run st for so long; 0: not at all")
    said = parser.parse_args()
    faults = [
        fault for path in sorted((FOLDER / "fuzz").glob("*.patch")) if isinstance(fault := read(path), Defect)
    ]
    with tempfile.TemporaryDirectory(prefix="coursegate-recall-") as folder:
        backend = copy_backend(Path(folder))
        for fault in faults:
            apply_patch(fault.path, backend)
        cells = _judged(backend, Path(folder), said)
        st = _st(backend, Path(folder), said.st_seconds) if said.st_seconds else ""
    table = {fault.id: {"reported": _reported(fault, cells), "by_st": _by_st(fault, st)} for fault in faults}
    for name, row in table.items():
        print(
            f"{name:55} {'reported' if row['reported'] else 'MISSED':10} {row['by_st'] if said.st_seconds else '-'}"
        )
    reported = sum(bool(row["reported"]) for row in table.values())
    print(f"{reported} of {len(faults)} reported in profile {said.profile}")
    (ROOT / "reports").mkdir(exist_ok=True)
    told = {"profile": said.profile, "seconds": said.fuzz_seconds, "reported": reported, "faults": table}
    (ROOT / "reports" / "fuzz-recall.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


def _judged(backend: Path, folder: Path, said: argparse.Namespace) -> list[Mapping[str, Any]]:
    reports = folder / "reports"
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "run",
        f"--target={backend}",
        f"--report-dir={reports}",
    ]
    options = [f"--profile={said.profile}", f"--fuzz-seconds={said.fuzz_seconds}"]
    suites = [f"--suite={name}" for name in SUITES]
    subprocess.run([*command, *options, *suites], cwd=folder, check=False, stdout=subprocess.DEVNULL)
    found: list[Mapping[str, Any]] = json.loads((reports / "gate.json").read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["verdict"] == "fail"]


def _reported(fault: Defect, cells: list[Mapping[str, Any]]) -> list[str]:
    """The checks below those that the fault must redden, or of its operations, whose reasons say what it does."""
    return [
        cell["id"]
        for cell in cells
        if fault.told in cell["reason"]
        and (fault.may_redden(cell["operation"]) or cell["id"].startswith(fault.red))
    ][:3]


def _st(backend: Path, folder: Path, seconds: int) -> str:
    """What `st run` prints of the served backend, asked as a registered learner."""
    with serving(folder, f"--target={backend}") as served:
        token = served.sign_in("registered")
        command = [
            shutil.which("st") or str(Path(sys.executable).parent / "st"),
            "run",
            f"{served.url}/api/schema/?format=json",
            f"--header=Authorization: Bearer {token}",
            "--continue-on-failure",
            f"--max-time={seconds}",
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=folder, check=False, timeout=seconds + 120
        )
    return done.stdout


def _by_st(fault: Defect, output: str) -> bool:
    """Whether a failure of its sort is reported for an operation that its checks are about."""
    paths = {_words(name) for red in fault.red for name in red.split("/")[-1:]}
    sections = re.split(r"\n_{3,} ", output)
    return any(
        any(word in section for word in ST_KINDS.get(str(fault.kind), ()))
        and any(path in section for path in paths)
        for section in sections[1:]
    )


def _words(operation: str) -> str:
    """The first part of a path that an operation is recognised by."""
    return f"/{operation.split('.')[0]}"


if __name__ == "__main__":
    sys.exit(main())
