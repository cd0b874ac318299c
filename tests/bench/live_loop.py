"""The access suite over HTTP, against a bare loop of its reads with `requests`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

from coursegate.contracts.contract import load_contract
from coursegate.harness.preflight.live import bind
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.finding import find
from coursegate.tests.gate.gate_process import ROOT
from coursegate.tests.gate.serving import serving


def live_ratio(scratch: Path) -> dict[str, Any]:
    """Wall seconds, as the server's work is waited for: of the suite's reads, and of a loop that sends each once."""
    world = scratch / "world.json"
    with serving(scratch, f"--world={world}") as served:
        command = [sys.executable, "-m", "coursegate.commands.cli", "run", f"--target={served.url}"]
        options = ["--suite=access", f"--world={world}", f"--report-dir={scratch / 'live'}"]
        started = time.monotonic()
        subprocess.run([*command, *options], stdout=subprocess.DEVNULL, cwd=ROOT, check=False)
        suite = time.monotonic() - started
        sent, loop = _loop(served.url, world)
    return {
        "reads": sent,
        "suite_s": round(suite, 2),
        "loop_s": round(loop, 2),
        "reads_per_second": round(sent / suite, 1),
    }


def _loop(url: str, world: Path) -> tuple[int, float]:
    place = find(url, world=world)
    assert isinstance(place, Deployment)
    client = bind(place, load_contract()).client
    reads = [
        client.request(cell)
        for cell in client.contract.access.cells.values()
        if client.contract.api.operations[cell.operation].is_safe
    ]
    with requests.Session() as session:
        started = time.monotonic()
        for read in reads:
            session.request(read.method, url + read.path, headers=dict(read.headers), timeout=10)
        return len(reads), time.monotonic() - started
