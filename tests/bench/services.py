"""What real services cost: `make bench-services` writes `reports/bench-services.json`.

Start to first query of PostgreSQL and Valkey, and the gate on them against the gate on SQLite and local memory, all of
them processes that ran one after the other on this machine.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from coursegate.harness.services.services import opened
from coursegate.tests.gate.gate_process import BACKEND, ROOT

ROUNDS = 3
# What must hold on a machine that has nothing else to do.
MOST_SECONDS_TO_QUERY, MOST_TIMES_SQLITE = 3.0, 3.0
# Races and deployments are on services of their own whatever the run stands on.
SUITES = ("access", "standing", "regression")


def main() -> int:
    queries, answers = zip(*(_started() for _ in range(ROUNDS)), strict=True)
    sqlite = _gate()
    postgres = _gate("--db=postgres", "--cache=redis")
    report: dict[str, Any] = {
        "start_to_first_query_s": [round(seconds, 2) for seconds in queries],
        "valkey_start_s": [round(seconds, 2) for seconds in answers],
        "suites": list(SUITES),
        "sqlite_wall_s": round(sqlite, 1),
        "postgres_wall_s": round(postgres, 1),
        "postgres_to_sqlite": round(postgres / sqlite, 2),
    }
    report["holds"] = (
        statistics.median(queries) < MOST_SECONDS_TO_QUERY and postgres <= MOST_TIMES_SQLITE * sqlite
    )
    text = json.dumps(report, indent=1)
    Path("reports").mkdir(exist_ok=True)
    Path("reports/bench-services.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if report["holds"] else 1


def _started() -> tuple[float, float]:
    """Seconds from nothing to PostgreSQL's first answer, and from there to Valkey's."""
    started = time.monotonic()
    with opened() as services:
        with services.postgres().connected() as session:
            session.execute("SELECT 1")
        queried = time.monotonic()
        services.redis()
        return queried - started, time.monotonic() - queried


def _gate(*options: str) -> float:
    """Wall seconds of the gate; it must find nothing wrong."""
    with tempfile.TemporaryDirectory(prefix="coursegate-bench-") as folder:
        command = [sys.executable, "-m", "coursegate.commands.cli", "run", f"--target={BACKEND}"]
        command += [f"--report-dir={folder}", "-n", "2", *(f"--suite={name}" for name in SUITES), *options]
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
        if done.returncode:
            raise SystemExit(f"the gate ends with {done.returncode}: {done.stdout[-2000:]}")
        return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
