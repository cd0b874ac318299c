"""Serving a checkout with gunicorn: the seeded world behind it, several processes and threads, on a loopback port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursegate.harness.targets.binding import (
    DATABASE_VARIABLE,
    DEVELOPING,
    SCRATCH_VARIABLE,
    SETTINGS_VARIABLE,
    Binding,
    Database,
)
from coursegate.harness.targets.manage import set_by_manage
from coursegate.load.processes import running, tail
from coursegate.load.serving.services import SERVICES_VARIABLE, THROTTLED_SCOPE, Services

SECONDS_TO_PREPARE, SECONDS_TO_START = 240.0, 60.0


class CannotServe(Exception):
    """The checkout does not start as a server. The text ends with what it printed last."""


@dataclass(frozen=True)
class Fleet:
    """How it is served.

    Attributes:
        processes: worker processes.
        threads: of each of them.
    """

    processes: int = 1
    threads: int = 16


@dataclass(frozen=True)
class Served:
    """A checkout that answers.

    Attributes:
        world: the file that says what stands in its database.
        throttled: whether it has the scope that the throttle probe asks at.
    """

    url: str
    world: Path
    process: subprocess.Popen[bytes]
    log: Path
    throttled: bool


@dataclass(frozen=True)
class Building:
    """What world it is to hold."""

    contract: Path
    size: int
    seed: str


@contextmanager
def serving(
    binding: Binding, building: Building, scratch: Path, services: Services, fleet: Fleet
) -> Iterator[Served]:
    """A checkout as a server for a block.

    Raises:
        CannotServe: it does not start, or its world cannot be built.
    """
    log, world = scratch / "server.log", scratch / "world.json"
    env = _environment(binding, scratch, services)
    told = _prepare(binding, building, world, env)
    with (
        listening() as (held, url),
        running(
            _command(fleet, held.fileno()), log, env=env, cwd=binding.path, fds=(held.fileno(),)
        ) as process,
    ):
        held.close()  # once the server is gone, nobody must seem to listen
        _wait(process, url, log)
        yield Served(url, world, process, log, THROTTLED_SCOPE in told["rates"])


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A loopback port held open for a process to inherit: the socket, and its URL."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(512)
        held.set_inheritable(True)
        yield held, f"http://127.0.0.1:{held.getsockname()[1]}"


def _environment(binding: Binding, scratch: Path, services: Services) -> dict[str, str]:
    return {
        **set_by_manage(binding.path),
        **os.environ,
        SETTINGS_VARIABLE: binding.settings,
        SCRATCH_VARIABLE: str(scratch),
        DATABASE_VARIABLE: Database.DISK,
        SERVICES_VARIABLE: json.dumps(asdict(services)),
        "DJANGO_SETTINGS_MODULE": "coursegate.load.serving.settings",
        "PYTHONDONTWRITEBYTECODE": "1",
        # A developer's flags for tests make a server slower, and what it prints is not read.
        **{name: "" for name in DEVELOPING if name in os.environ},
        "PYTHONPATH": binding.python_path,
    }


def _prepare(binding: Binding, building: Building, world: Path, env: Mapping[str, str]) -> dict[str, Any]:
    order = {
        "path": str(binding.path),
        "contract": str(building.contract),
        "size": building.size,
        "seed": building.seed,
        "world": str(world),
        "agreement": str(binding.agreement.path or ""),
    }
    command = [sys.executable, "-m", "coursegate.load.serving.prepare", json.dumps(order)]
    try:
        done = subprocess.run(
            command,
            env=env,
            cwd=binding.path,
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_PREPARE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotServe(f"its world could not be built within {SECONDS_TO_PREPARE:g} s") from None
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-6:])
        raise CannotServe(f"its world could not be built; `coursegate doctor` says more:\n{last}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _command(fleet: Fleet, descriptor: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "coursegate.load.serving.wsgi:application",
        f"--bind=fd://{descriptor}",
        f"--workers={fleet.processes}",
        "--worker-class=gthread",
        f"--threads={fleet.threads}",
        "--keep-alive=75",
        "--worker-connections=2000",
        "--backlog=512",
        "--timeout=60",
        "--graceful-timeout=2",
        "--log-level=warning",
    ]


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Until something answers; the port itself is open from the beginning, and stays so only with the server."""
    deadline = time.monotonic() + SECONDS_TO_START
    host, port = url.removeprefix("http://").split(":")
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotServe(f"the server ended with {process.returncode}:\n{tail(log)}")
        try:
            with socket.create_connection((host, int(port)), timeout=SECONDS_TO_START) as asking:
                asking.settimeout(max(0.1, deadline - time.monotonic()))
                asking.sendall(b"GET /api/health/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if asking.recv(12).startswith(b"HTTP/"):
                    return
        except OSError:
            time.sleep(0.1)
    raise CannotServe(f"the server answers nothing within {SECONDS_TO_START:g} s:\n{tail(log)}")
