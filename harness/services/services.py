"""The services of one run: each started when it is first asked for, shared by all processes of the run, ended with it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursegate.harness.services import postgres, valkey
from coursegate.harness.services.account import temporary_folder
from coursegate.harness.services.guarding import OWNER_LOCK, NoService, hold, wait_for_guards
from coursegate.harness.services.leftovers import claimed
from coursegate.harness.services.postgres import Postgres
from coursegate.harness.services.stale import PREFIX, clear_stale

# How the processes of a run find each other.
VARIABLE = "COURSEGATE_SERVICES"


@dataclass(frozen=True)
class Services:
    """What a run may have.

    Attributes:
        folder: of this run, in the temporary folder.
        run: a word that is in the name of everything that the run makes on a server.
        postgres_at: the DSN of a server that somebody else runs; "" for one of our own.
        redis_at: the same, as a URL.
        everything_on: what the whole run stands on, "postgres" or "redis"; without, only what asks for it.
        refused: what may not be started.
    """

    folder: Path
    run: str
    postgres_at: str = ""
    redis_at: str = ""
    everything_on: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    def postgres(self) -> Postgres:
        """The PostgreSQL server.

        Raises:
            NoService: it cannot be had.
        """
        self._check_wanted("postgres", "--db=sqlite")
        if self.postgres_at:
            return postgres.named_server(self.postgres_at)
        return Postgres(
            **self._once("postgres", lambda: postgres.own_server(self.folder / "postgres").as_dict())
        )

    def redis(self) -> str:
        """The URL of the Valkey or Redis server.

        Raises:
            NoService: it cannot be had.
        """
        self._check_wanted("redis", "--cache=locmem")
        if self.redis_at:
            return valkey.named_server(self.redis_at)
        return str(self._once("valkey", lambda: {"url": valkey.own_server(self.folder / "valkey")})["url"])

    @contextmanager
    def database(self, template: str = "") -> Iterator[tuple[Postgres, str]]:
        """A database of its own, empty or copied from another of this run; dropped afterwards.

        Raises:
            NoService: it cannot be had.
        """
        server, name = self.postgres(), self.new_name()
        server.create(name, template)
        try:
            yield server, name
        finally:
            drop_if_there(server, name)

    def new_name(self) -> str:
        """The name of a database that there is not yet."""
        return f"coursegate_{self.run}_{uuid.uuid4().hex[:8]}"

    def _once(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `make` gives, made by the first process that asks; the others are told, also why it failed."""
        with hold(self.folder / f"{name}.lock"):
            told = self.folder / f"{name}.json"
            if not told.exists():
                try:
                    found = make()
                except NoService as problem:
                    found = {"failed": str(problem)}
                told.touch(mode=0o600)
                told.write_text(json.dumps(found))
            known: dict[str, Any] = json.loads(told.read_text())
        if "failed" in known:
            raise NoService(known["failed"])
        return known

    def _check_wanted(self, name: str, option: str) -> None:
        if name in self.refused:
            raise NoService(f"none is started with {option}")

    @contextmanager
    def shared(self) -> Iterator[None]:
        """A block in which the processes that this one starts have the same services."""
        told, before = {**asdict(self), "folder": str(self.folder)}, os.environ.get(VARIABLE)
        os.environ[VARIABLE] = json.dumps(told, default=sorted)
        try:
            yield
        finally:
            os.environ.pop(VARIABLE, None)
            if before is not None:
                os.environ[VARIABLE] = before


@contextmanager
def opened(postgres_at: str = "", redis_at: str = "", **choices: frozenset[str]) -> Iterator[Services]:
    """Services for a block, and for what it starts; nothing is left afterwards. Clears what killed runs have left.

    Args:
        choices: `everything_on` and `refused`, see `Services`.

    Raises:
        NoService: a server that was named does not let us in.
    """
    temporary = temporary_folder()
    clear_stale(temporary)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary))
    folder.chmod(0o711)  # what is in it is closed where it has to be
    run = uuid.uuid4().hex[:7]
    # Never there and not locked: another run that begins just now would take it for one of a killed run.
    owner = hold(folder / f"{OWNER_LOCK}.new")
    Path(owner.name).rename(folder / OWNER_LOCK)
    try:
        services = Services(folder, run, postgres_at, redis_at, **choices)
        with claimed(postgres_at, run), services.shared():
            yield services
    finally:
        owner.close()
        wait_for_guards(folder)
        shutil.rmtree(folder, ignore_errors=True)


def joined() -> Services | None:
    """The services of the run that this process belongs to; None where it belongs to none."""
    if not (told := os.environ.get(VARIABLE)):
        return None
    known = json.loads(told)
    sets = {name: frozenset(known[name]) for name in ("everything_on", "refused")}
    return Services(**{**known, **sets, "folder": Path(known["folder"])})


def drop_if_there(server: Postgres, name: str) -> None:
    """Drop a database; nothing where the server has ended meanwhile, and took it along."""
    try:
        server.drop(name)
    except NoService:
        return
