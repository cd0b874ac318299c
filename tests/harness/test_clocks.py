"""A backend may ask its database what time it is: SQLite follows the process, of any other that is noticed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from coursegate.harness.targets.clocks import noted_time, sqlite_follows

AHEAD = timedelta(days=400)
NOW = (
    "strftime('%Y-%m-%d', 'now')",
    "strftime('%Y-%m-%d', 'NOW')",
    "date()",
    "date('now')",
    "substr(datetime('now'), 1, 10)",
    "date(julianday('now'))",
    "current_date",
    "substr(CURRENT_TIMESTAMP, 1, 10)",
)


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        yield opened


@pytest.mark.parametrize("asked", NOW)
def test_sqlite_tells_the_time_of_the_process(database: sqlite3.Connection, asked: str) -> None:
    """However SQLite is asked for the time, it is the one that the process has, and its own again afterwards."""
    real = database.execute(f"SELECT {asked}").fetchone()[0]

    sqlite_follows(database)
    with time_machine.travel(time.time() + AHEAD.total_seconds()):
        ahead = database.execute(f"SELECT {asked}").fetchone()[0]

    assert ahead == (datetime.now(UTC) + AHEAD).strftime("%Y-%m-%d")
    assert database.execute(f"SELECT {asked}").fetchone()[0] == real


def test_a_time_that_was_given_stays(database: sqlite3.Connection) -> None:
    """What is not asked for now is computed as SQLite does, modifiers included."""
    sqlite_follows(database)

    found = database.execute("SELECT date('2026-01-31', '+1 day'), strftime('%Y', '2020-02-02')").fetchone()

    assert found == ("2026-02-01", "2020")


@pytest.mark.parametrize(
    ("statement", "noticed"),
    [
        ("SELECT 1 FROM x WHERE ends > STATEMENT_TIMESTAMP()", ["STATEMENT_TIMESTAMP"]),
        ("SELECT now ()", ["now"]),
        ("UPDATE x SET at = CURRENT_TIMESTAMP", ["CURRENT_TIMESTAMP"]),
        ('SELECT "known", "now" FROM x WHERE ends > %s', []),
    ],
)
def test_a_statement_that_asks_for_the_time_is_noticed(statement: str, noticed: list[str]) -> None:
    """A name of the time in SQL is told, a column that is only called alike is not."""
    asked: list[str] = []

    noted_time(asked)(lambda *_: None, statement, (), False, {})

    assert asked == noticed
