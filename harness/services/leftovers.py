"""Databases on somebody else's PostgreSQL: whose run is over is dropped by the next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coursegate.harness.services.postgres import Postgres, named_server

_OURS = r"coursegate\_%\_%"


@contextmanager
def claimed(dsn: str, run: str) -> Iterator[None]:
    """A block in which what the run makes on a named server is its own; afterwards it is gone.

    A session holds a lock with the run's number meanwhile. It ends with this process, so a lock that is free says
    that the run is over, on whichever machine it was.

    Raises:
        NoService: the server does not let us in.
    """
    if not dsn:
        yield
        return
    server = named_server(dsn)
    with server.connected() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [int(run, 16)])
        for other in {name.split("_")[1] for name in _databases(session)} - {run}:
            _drop_if_over(server, session, other)
        try:
            yield
        finally:
            for name in _databases(session, run):
                server.drop(name)


def _drop_if_over(server: Postgres, session: Any, run: str) -> None:
    try:
        number = int(run, 16)
    except ValueError:  # somebody else calls a database so
        return
    if session.execute("SELECT pg_try_advisory_lock(%s)", [number]).fetchone()[0]:
        for name in _databases(session, run):
            server.drop(name)
        session.execute("SELECT pg_advisory_unlock(%s)", [number])


def _databases(session: Any, run: str = "") -> list[str]:
    found = session.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [_OURS]).fetchall()
    return [name for (name,) in found if not run or name.split("_")[1] == run]
