"""Running Locust: started in processes of its own, watched, and ended for certain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from coursegate.harness.services.ports import free_port
from coursegate.harness.targets.binding import DEVELOPING
from coursegate.load.order import ORDER_VARIABLE, Order
from coursegate.load.plan import seconds_of
from coursegate.load.processes import running, tail
from coursegate.load.rows import Rows, lines_of
from coursegate.load.serving.server import listening

LOCUSTFILE = Path(__file__).parent / "generator" / "locustfile.py"
SECONDS_FOR_WORKERS = 45
# Starting up, waiting for workers, and letting the last journeys arrive.
SECONDS_BESIDES = 90.0
DELAY_MS = 20.0


@dataclass
class Watched:
    """What was seen of a run from outside.

    Attributes:
        code: Locust's own exit code, None where it had to be ended.
        server_cpu: moment -> seconds of processor time that the server's processes had used by then.
        machine: moment -> seconds that all processors of this machine had worked by then, for whomever; `ours` of it
            for the server and the generator.
        server_ended: its exit code if the server ended during the run.
        printed: the last lines that Locust printed.
        interrupted: whether somebody stopped us.
    """

    code: int | None = None
    server_cpu: list[tuple[float, float]] = field(default_factory=list)
    machine: list[tuple[float, float, float]] = field(default_factory=list)
    server_ended: int | None = None
    printed: str = ""
    interrupted: bool = False


@contextmanager
def constant_delay(scratch: Path, *, stall_ms: float = 0, every: float = 0) -> Iterator[str]:
    """The URL of an endpoint that answers after `DELAY_MS`, in a process of its own."""
    with listening() as (held, url):
        command = [sys.executable, "-m", "coursegate.load.delay", str(DELAY_MS), str(held.fileno())]
        if every:
            command += [str(stall_ms), str(every)]
        with running(command, scratch / "delay.log", fds=(held.fileno(),)):
            yield url


def run_locust(
    order: Order,
    scratch: Path,
    server: subprocess.Popen[bytes] | None,
    tell: Callable[[Rows], None],
    master_at: str = "",
) -> Watched:
    """One run of the generator, from its start until its processes have ended.

    Args:
        tell: called about once a second with all that has been reported so far.
        master_at: host and port where workers on other machines find the master; "" to start them here.
    """
    path, watched = scratch / "order.json", Watched()
    order.write(path)
    env = {**os.environ, **_plain()}
    commands = list(_commands(order, master_at))
    logs = [scratch / "locust.log", *(scratch / f"locust-{n}.log" for n in range(len(commands) - 1))]
    with ExitStack() as stack:
        main, *workers = [
            # Only the master is told; it passes its order on.
            stack.enter_context(
                running(command, log, env=env | ({} if number else {ORDER_VARIABLE: str(path)}), cwd=scratch)
            )
            for number, (command, log) in enumerate(zip(commands, logs, strict=True))
        ]
        noted = {"locust": main.pid, "workers": [one.pid for one in workers], "server": server and server.pid}
        (scratch / "processes.json").write_text(json.dumps(noted))
        _watch(order, main, server, watched, tell)
    watched.printed = tail(logs[0])
    return watched


def _watch(
    order: Order,
    main: subprocess.Popen[bytes],
    server: subprocess.Popen[bytes] | None,
    watched: Watched,
    tell: Callable[[Rows], None],
) -> None:
    deadline = time.monotonic() + seconds_of(order.plan) + SECONDS_BESIDES
    reader = Reader(Path(order.rows))
    while main.poll() is None and time.monotonic() < deadline:
        time.sleep(0.5)
        if server is not None:
            if (ended := server.poll()) is not None and watched.server_ended is None:
                watched.server_ended = ended
            now, used = time.time(), processor_time(server.pid)
            watched.server_cpu.append((now, used))
            watched.machine.append((now, _worked(), used + processor_time(os.getpid())))
        tell(reader.read())
    watched.code = main.poll()


class Reader:
    """Reads a growing file of rows, each line once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = 0
        self.rows = Rows()

    def read(self) -> Rows:
        """All that there is by now."""
        if not self._path.is_file():
            return self.rows
        with self._path.open("rb") as stream:
            stream.seek(self._place)
            whole, newline, _ = stream.read().rpartition(b"\n")
        if newline:
            self._place += len(whole) + 1
            for line in lines_of(whole.decode("utf-8")):
                self.rows.take(line)
        return self.rows


def processor_time(pid: int) -> float:
    """Seconds of processor time of a process and those below it, as far as they live."""
    total = 0.0
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return total
    for one in family:
        try:
            times = one.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def _worked() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _commands(order: Order, master_at: str) -> Iterator[list[str]]:
    locust = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), f"--host={order.host}"]
    locust += ["--loglevel=WARNING", "--only-summary"]
    if not order.workers:
        yield [*locust, "--headless"]
        return
    host, _, port = (master_at or f"127.0.0.1:{free_port()}").rpartition(":")
    yield [
        *locust,
        "--headless",
        "--master",
        f"--master-bind-host={host}",
        f"--master-bind-port={port}",
        f"--expect-workers={order.workers}",
        f"--expect-workers-max-wait={SECONDS_FOR_WORKERS}",
    ]
    if not master_at:
        for _ in range(order.workers):
            yield [*locust, "--worker", "--master-host=127.0.0.1", f"--master-port={port}"]


def _plain() -> dict[str, str]:
    """What a developer's shell says for tests slows a generator down; a LOCUST_ variable would overrule the order."""
    names = (*DEVELOPING, *(name for name in os.environ if name.startswith("LOCUST_")))
    return {name: "" for name in names if name in os.environ}
