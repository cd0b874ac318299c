"""A run, and its continuation in a fresh process where the old one had to be given up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from coursegate.harness.poison import GIVEN_UP, RUN_VARIABLE

# Each costs a start, and what hangs the limit of its request besides.
MOST_PROCESSES = 10


def supervised(command: Sequence[str]) -> int:
    """Run pytest to its end, in as many processes as that takes. Returns the exit code of the last one."""
    with tempfile.TemporaryDirectory(prefix="coursegate-run-") as folder:
        environment = {**os.environ, RUN_VARIABLE: folder}
        for _ in range(MOST_PROCESSES):
            code = subprocess.run(command, check=False, env=environment).returncode
            if code != GIVEN_UP:
                return code
            print("coursegate: going on in a fresh process", file=sys.stderr, flush=True)
    print(f"coursegate: {MOST_PROCESSES} processes had to be given up; no more are started", file=sys.stderr)
    return 3


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
