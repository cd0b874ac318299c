"""A run, and its continuation in a fresh process where the old one had to be given up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursegate.commands.interrupting import SIGNALS
from coursegate.harness.poison import GIVEN_UP, RUN_VARIABLE

# Each costs a start, and what hangs the limit of its request besides.
MOST_PROCESSES = 10
INTERRUPTED, HARNESS_FAILED = 2, 3


def supervised(command: Sequence[str]) -> int:
    """Run pytest to its end, in as many processes as that takes. Returns the exit code of the last one."""
    with tempfile.TemporaryDirectory(prefix="coursegate-run-") as folder:
        environment = {**_own_environment(), RUN_VARIABLE: folder}
        for _ in range(MOST_PROCESSES):
            code = _ended(command, environment)
            if code < 0:
                name = signal.Signals(-code).name
                print(
                    f"coursegate: the process of the run was ended by {name}; no report was written",
                    file=sys.stderr,
                )
                return INTERRUPTED if -code in SIGNALS else HARNESS_FAILED
            if code != GIVEN_UP:
                return code
            print("coursegate: going on in a fresh process", file=sys.stderr, flush=True)
    print(f"coursegate: {MOST_PROCESSES} processes had to be given up; no more are started", file=sys.stderr)
    return HARNESS_FAILED


def _own_environment() -> dict[str, str]:
    # Started by a worker of somebody's pytest-xdist, a run is nobody's worker: it looks after its own signals.
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST_")}


def _ended(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a process to its end, however long it takes to write down what it has found: signals are passed on to it."""
    with subprocess.Popen(command, env=environment) as process:
        before = {
            number: signal.signal(number, lambda sent, _frame: process.send_signal(sent))
            for number in SIGNALS
        }
        try:
            return process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Journal:
    """What earlier processes of a run have found out. Without a folder nobody comes after this one, and nothing is kept."""

    def __init__(self) -> None:
        folder = os.environ.get(RUN_VARIABLE)
        self._folder = Path(folder) if folder else None

    def judged(self) -> Iterator[dict[str, Any]]:
        """The verdicts, each as `{"node": name of its test, "judgement": plain data}`."""
        yield from map(json.loads, self._read("judged.jsonl").splitlines())

    def add(self, node: str, judgement: dict[str, Any]) -> None:
        if self._folder:
            with (self._folder / "judged.jsonl").open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"node": node, "judgement": judgement}) + "\n")

    @property
    def preflight(self) -> str:
        """How the ladder held, as JSON; "" where nobody has climbed it yet."""
        return self._read("preflight.json")

    def keep_preflight(self, results: str) -> None:
        if self._folder:
            (self._folder / "preflight.json").write_text(results, encoding="utf-8")

    def _read(self, name: str) -> str:
        file = self._folder / name if self._folder else None
        return file.read_text(encoding="utf-8") if file and file.exists() else ""
