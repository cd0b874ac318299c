"""The clocks that a backend reads: that of its process, and that of its database."""

from __future__ import annotations

import atexit
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import time_machine
from django.db import connection

from coursegate.harness.client import CannotAssess

# Why something could not be assessed: what an answer hangs on is a clock that nobody here can put on.
CLOCK = "needs-clock"
# What of SQLite tells the time, where it is asked for "now" or for nothing.
_SQLITE = ("strftime", "date", "time", "datetime", "julianday", "unixepoch")
_CURRENT = {"current_timestamp": "%Y-%m-%d %H:%M:%S", "current_date": "%Y-%m-%d", "current_time": "%H:%M:%S"}
_TELLS_TIME = re.compile(
    r"\b(?:CURRENT_(?:TIMESTAMP|DATE|TIME)|LOCALTIME(?:STAMP)?"
    r"|(?:NOW|STATEMENT_TIMESTAMP|TRANSACTION_TIMESTAMP|CLOCK_TIMESTAMP)\s*\()",
    re.I,
)


@contextmanager
def put_on(passes: timedelta) -> Iterator[None]:
    """A block in which so much time has gone by, for Python and for SQL.

    Raises:
        CannotAssess: a statement inside asks a database for the time that keeps its own clock.
    """
    # A number leaves the zone of the process alone, where a datetime would bring its own along.
    with time_machine.travel(time.time() + passes.total_seconds(), tick=True):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            sqlite_follows(connection.connection)
            yield
            return
        asked: list[str] = []
        with connection.execute_wrapper(noted_time(asked)):
            yield
        if asked:
            raise CannotAssess(
                f"{CLOCK}: the backend asks {connection.vendor} for the time ({asked[0]}), whose clock cannot be put on"
            )


def sqlite_follows(database: sqlite3.Connection) -> None:
    """Let SQLite tell the time of the process from now on: its own functions stand behind ours, which only say what
    "now" is. It cannot be taken back, and need not be: on an ordinary day both clocks are one.
    """
    for name in _SQLITE:
        database.create_function(name, -1, partial(_told_now, name))
    for name, form in _CURRENT.items():
        database.create_function(name, 0, partial(_now, form))


def _told_now(name: str, *given: Any) -> Any:
    values, at = list(given), 1 if name == "strftime" else 0
    if len(values) == at:
        values.append("now")
    if isinstance(values[at], str) and values[at].lower() == "now":
        values[at] = _now("%Y-%m-%d %H:%M:%S.%f")
    return _plain().execute(f"SELECT {name}({', '.join('?' * len(values))})", values).fetchone()[0]


@cache
def _plain() -> sqlite3.Connection:
    """One whose functions are SQLite's own."""
    plain = sqlite3.connect(":memory:", check_same_thread=False)
    atexit.register(plain.close)
    return plain


def _now(form: str) -> str:
    return datetime.now(UTC).strftime(form)


def noted_time(asked: list[str]) -> Callable[..., Any]:
    """A wrapper of statements that keeps what in them asks the database for the time."""

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := _TELLS_TIME.search(sql):
            asked.append(found[0].rstrip("( "))
        return execute(sql, params, many, context)

    return note
