"""What the access suite costs, as ratios of one run: `make bench` writes `reports/bench.json`.

Every figure is of processes that ran one after the other on this machine; CPU seconds, as other work does not count in them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import load_contract
from coursegate.contracts.world import SIZES
from coursegate.tests.bench.leaking import leaking_backend
from coursegate.tests.bench.live_loop import live_ratio
from coursegate.tests.gate.gate_process import BACKEND, ROOT

ROUNDS = 3
ACCESS = ("--suite=access",)


@dataclass(frozen=True)
class Cost:
    """What one process took: CPU and wall seconds, and its largest resident set in MiB."""

    cpu_s: float
    wall_s: float
    peak_mib: float


def main() -> int:
    cells = len(load_contract().access.cells)
    with tempfile.TemporaryDirectory(prefix="coursegate-bench-") as folder:
        scratch = Path(folder)
        nothing = _gate(scratch, "--operation=version.retrieve")
        pairs = [(_gate(scratch), _bare()) for _ in range(ROUNDS)]
        suite = statistics.median(cost.cpu_s for cost, _ in pairs)
        bare = statistics.median(float(loop["cpu_s"]) for _, loop in pairs)
        report = {
            "cells": cells,
            "requests": pairs[0][1]["requests"],
            "suite_cpu_s": [round(cost.cpu_s, 2) for cost, _ in pairs],
            "bare_loop_cpu_s": [round(float(loop["cpu_s"]), 2) for _, loop in pairs],
            "start_and_end_cpu_s": round(nothing.cpu_s, 2),
            "suite_to_bare_loop": round(suite / bare, 2),
            "cells_to_bare_loop": round((suite - nothing.cpu_s) / bare, 2),
            "cells_per_second": round(cells / statistics.median(cost.wall_s for cost, _ in pairs), 1),
            "peak_mib": round(max(cost.peak_mib for cost, _ in pairs)),
            "all_failing_to_green": round(_gate(scratch, target=leaking_backend(scratch)).cpu_s / suite, 2),
            "live": live_ratio(scratch),
            "by_share_of_rows": dict(_shares(scratch)),
            "by_size_of_world": dict(_sizes(scratch)),
        }
    reports = ROOT / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "bench.json").write_text(json.dumps({"access": report}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return 0


def _gate(scratch: Path, *options: str, target: Path = BACKEND) -> Cost:
    """One run of the access suite. A run that ends in anything but a verdict has no cost to speak of."""
    command = [
        sys.executable,
        "-m",
        "coursegate.commands.cli",
        "run",
        f"--target={target}",
        *ACCESS,
        *options,
    ]
    started = time.monotonic()
    with subprocess.Popen(
        [*command, f"--report-dir={scratch / 'reports'}"], stdout=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in {0, 1}, f"{' '.join(command)} ended with {process.returncode}"
    cost = Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024)
    print(f"{' '.join(command[4:])}: {cost}", file=sys.stderr)
    return cost


def _bare() -> Mapping[str, Any]:
    command = [sys.executable, "-m", "coursegate.tests.bench.bare_loop", str(BACKEND)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _shares(scratch: Path) -> Iterator[tuple[str, float]]:
    """CPU milliseconds per cell where only every fourth row is asked, every second, all of them."""
    cells = load_contract().access.cells.values()
    rows = list(dict.fromkeys(cell.row for cell in cells))
    chosen = scratch / "cells.txt"
    for step in (4, 2, 1):
        kept = [cell.id for cell in cells if cell.row in set(rows[::step])]
        chosen.write_text("\n".join(kept), encoding="utf-8")
        cost = _gate(scratch, "-p", "coursegate.tests.gate.chosen", f"--chosen={chosen}")
        yield f"1/{step}", round(cost.cpu_s / len(kept) * 1000, 1)


def _sizes(scratch: Path) -> Iterator[tuple[str, Mapping[str, float]]]:
    """By size of the world: what building it takes with everything else around a run, and what the cells take then."""
    for size in SIZES:
        empty = _gate(scratch, f"--size={size}", "--operation=version.retrieve")
        whole = _gate(scratch, f"--size={size}")
        yield (
            f"{size}x",
            {
                "start_and_end_cpu_s": round(empty.cpu_s, 2),
                "suite_cpu_s": round(whole.cpu_s, 2),
                "peak_mib": round(whole.peak_mib),
            },
        )


if __name__ == "__main__":
    sys.exit(main())
