"""A deployment of the target: a database with the world in it, a cache, and processes that share both."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.world import GUEST
from coursegate.harness.client import Client
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.poison import RUN_VARIABLE
from coursegate.harness.preflight import live
from coursegate.harness.services.account import Account
from coursegate.harness.services.guarding import NoService, start
from coursegate.harness.services.ports import free_port
from coursegate.harness.services.services import Services
from coursegate.harness.targets.binding import DEVELOPING, Binding
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.ground import Ground
from coursegate.harness.world_file import read_world

SECONDS_TO_SETTLE, SECONDS_TO_ANSWER = 120.0, 10.0
# Of the scope `sensitive_api`, in a minute: few enough to be reached, more than any other check needs.
SENSITIVE_RATE = 30
APPLICATIONS = "coursegate.harness.targets.served"
CLOCK_VARIABLE = "COURSEGATE_CLOCK"  # as `served` reads it; its import would start Django


class CannotServe(Exception):
    """The target cannot be deployed. The text says why."""


@dataclass
class Process:
    """A server of the target, at a port."""

    guard: subprocess.Popen[bytes]
    url: str


@dataclass
class Stage:
    """What the checks are given.

    Attributes:
        environment: of the processes: they are the target under the overlay, on the same services.
        prefix: of what they keep in the cache.
        clock: a file; the number in it is by how many seconds the clocks of the servers are ahead.
    """

    services: Services
    binding: Binding
    contract: Contract
    folder: Path
    environment: Mapping[str, str]
    client: Client
    prefix: str
    processes: list[Process] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    def serve(self, interface: str = "wsgi") -> str:
        """Start a server of one process; its URL.

        Args:
            interface: wsgi or asgi.
        """
        port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1"]
        command += ["--port", str(port), "--workers", "1", "--no-ws" if interface == "wsgi" else "--ws"]
        command += ["--no-log", f"{APPLICATIONS}:{interface}"]
        url = f"http://127.0.0.1:{port}"
        self._start(command, url, lambda: _listens(port))
        return url

    def work(self) -> None:
        """Start a Celery worker of the target's own application."""
        package = self.binding.settings.split(".")[0]
        command = [sys.executable, "-m", "celery", "-A", f"{package}.celery", "worker", "--pool=solo"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
        self._start(command, "", lambda: True)

    def send(
        self, url: str, operation: str, subject: str = "", *, by: str, body: Any = None, query: str = ""
    ) -> Answer:
        """Ask an operation of the contract at one of the servers, signed in."""
        said = self.contract.api.operations[operation]
        path = self.client.world.path_of(said, subject)
        token = self.token(url, by)
        request = Request(
            said.method, path + query, by, {"Authorization": f"Bearer {token}"}, said.completed(body)
        )
        answer: Answer = self._at(url).send(request)
        if answer.status != 429:  # one that is asked about, and not in the way
            self.exchanges.append(Exchange(request, answer))
        return answer

    def ask(self, url: str, cell: Cell) -> Answer:
        """Ask a cell of the access table at one of the servers; that it is answered as promised is not this room's."""
        if cell.principal != GUEST:
            self.token(url, cell.principal)
        answer: Answer = self._at(url).send(self.client.request(cell))
        return answer

    def token(self, url: str, by: str) -> str:
        """An access token, valid at every server, whichever has given it: they share their key."""
        self.client.target = self._at(url)
        return self.client.sign_in(by)

    def _at(self, url: str) -> Any:
        from coursegate.harness.targets.live import LiveTarget

        return LiveTarget(url, writes=True)

    def _start(self, command: list[str], url: str, answers: Callable[[], bool]) -> None:
        folder = self.services.folder / f"process-{os.getpid()}-{time.monotonic_ns()}"
        folder.mkdir()
        try:
            guard = start(
                folder,
                command,
                stop=signal.SIGTERM,
                account=Account(),
                answers=answers,
                environment=self.environment,
                home=self.binding.path,
            )
        except NoService as problem:
            raise CannotServe(str(problem)) from None
        self.processes.append(Process(guard, url))

    def end_processes(self) -> None:
        """End every process that a check has started, and put the clocks right."""
        self.clock.write_text("0")
        for process in self.processes:
            process.guard.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.guard.wait(15)
        self.processes.clear()
        self._forget()

    def _forget(self) -> None:
        """Empty the cache and the broker: no check is refused, or served, for what another has asked."""
        import redis

        with redis.Redis.from_url(self.services.redis()) as server:
            for pattern, kind in ((f"{self.prefix}*", None), ("*", "list")):
                if keys := list(server.scan_iter(match=pattern, _type=kind, count=1000)):
                    server.delete(*keys)
            if not self.services.redis_at:
                # What the target keeps by a client of its own, such as a lock. On somebody else's server it is not told
                # from what is theirs.
                strings = server.scan_iter(_type="string", count=1000)
                if keys := [key for key in strings if not key.startswith(b"coursegate_")]:
                    server.delete(*keys)

    def has_worked(self) -> bool:
        """Whether a worker has done all that there was to do; False where it does not say.

        It does one thing at a time, so it tells what it has begun only between two tasks. None was begun between two such
        answers, and nothing waited in the broker: then nothing was going on.
        """
        begun = self._begun()
        return begun is not None and not self.queued(fetched=True) and self._begun() == begun

    def _begun(self) -> Any:
        """How many tasks of each name the worker has begun; None where it does not answer within a second."""
        from celery import Celery

        with Celery(broker=self.services.redis(), set_as_current=False) as asking:
            told = asking.control.inspect(timeout=1, limit=1).stats() or {}
        return next((worker["total"] for worker in told.values()), None)

    def queued(self, *, fetched: bool = False) -> int:
        """How many tasks wait in the broker for a worker.

        Args:
            fetched: count those as well that a worker has fetched, for later or for the next moment.
        """
        import redis

        with redis.Redis.from_url(self.services.redis()) as server:
            waiting = sum(int(server.llen(key)) for key in server.scan_iter(_type="list"))
            held = [key for key in server.scan_iter(match="*unacked", _type="hash") if fetched]
            return waiting + sum(int(server.hlen(key)) for key in held)

    def migrate(self, program: str) -> Mapping[str, Any]:
        """Run a program on a database of its own, empty; what it prints last, as JSON."""
        ground = Ground(self.services, self.services.new_name())
        with ground.laid(here=False):
            surroundings = {**self.environment, **ground.surroundings()}
            command = [sys.executable, "-m", program]
            done = Account().run(command, SECONDS_TO_SETTLE, surroundings, self.binding.path)
        lines = done.stdout.strip().splitlines() or [""]
        try:
            told: Mapping[str, Any] = json.loads(lines[-1])
        except ValueError:
            words = " / ".join(done.stderr.strip().splitlines()[-2:])
            raise CannotServe(f"the process ended with {done.returncode}: {words}") from None
        return told

    def taken(self) -> list[Exchange]:
        """What was asked since the last time."""
        found, self.exchanges = self.exchanges, []
        return found


@contextmanager
def built(services: Services, binding: Binding, contract: Contract, seed: str) -> Iterator[Stage]:
    """A stage with the world in its database; nothing of it is left afterwards.

    Raises:
        CannotServe: the world cannot be built in it.
    """
    rates = {"sensitive_api": f"{SENSITIVE_RATE}/min"}
    ground = Ground(services, services.new_name(), services.redis(), rates=rates, served=True)
    with tempfile.TemporaryDirectory(prefix="coursegate-") as name, ground.laid(here=False):
        folder = Path(name)
        (folder / "clock").write_text("0")
        surroundings = {
            **os.environ,
            **binding.surroundings(folder),
            **ground.surroundings(),
            CLOCK_VARIABLE: str(folder / "clock"),
            "PYTHONPATH": binding.python_path,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        for variable in (*DEVELOPING, RUN_VARIABLE):
            surroundings.pop(variable, None)
        world = _settled(binding, contract, seed, folder, surroundings)
        deployment = Deployment("http://127.0.0.1:1", read_world(world), writes=True)
        client = live.bind(deployment, contract).client
        stage = Stage(services, binding, contract, folder, surroundings, client, ground.database)
        try:
            yield stage
        finally:
            stage.end_processes()


def _settled(
    binding: Binding, contract: Contract, seed: str, folder: Path, surroundings: Mapping[str, str]
) -> Path:
    """The file of the world that a process of its own has built in the stage's database."""
    pickled, world = folder / "target", folder / "world.json"
    pickled.write_bytes(pickle.dumps((binding, contract)))
    order = json.dumps({"target": str(pickled), "scratch": str(folder), "seed": seed, "world": str(world)})
    try:
        command = [sys.executable, "-m", "coursegate.suites.deployed.settling", order]
        done = Account().run(command, SECONDS_TO_SETTLE, surroundings, binding.path)
    except subprocess.TimeoutExpired:
        raise CannotServe(f"the world was not built after {SECONDS_TO_SETTLE:g} s") from None
    if done.returncode:
        raise CannotServe(f"the world cannot be built: {' / '.join(done.stderr.strip().splitlines()[-2:])}")
    return world


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
