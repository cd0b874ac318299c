"""`coursegate serve` as a process of its own, for tests that ask over real HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "coursegate.commands.cli", "serve"]
SECONDS = 120


@dataclass(frozen=True)
class Served:
    process: subprocess.Popen[str]
    printed: str
    url: str

    def get(self, path: str, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._answer(urllib.request.Request(self.url + path, headers=headers))

    def sign_in(self, name: str) -> str:
        match = re.search(rf"^  {name} +(\S+)  (\S+)  ", self.printed, re.MULTILINE)
        assert match, self.printed
        body = json.dumps({"email": match[1], "password": match[2]}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/api/token/", body, headers)
        return str(self._answer(request)["access"])

    def _answer(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)


@contextmanager
def serving(scratch: Path, *options: str) -> Iterator[Served]:
    """A backend that answers with the world in it, until the block ends; `scratch` takes its temporary files."""
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(
        [*COMMAND, "--port=0", *options], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            printed = ""
            assert process.stdout is not None
            while not (match := re.search(r"^Serving on (\S+)/ ", printed, re.MULTILINE)):
                line = process.stdout.readline()
                assert line, printed
                printed += line
            yield Served(process, printed, match[1])
        finally:
            process.kill()
