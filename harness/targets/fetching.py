"""What a request asks of the database: each statement without its values, and how many rows were really fetched for it.

A filter that works in Python leaves the answer and the number of statements alone; only the rows fetched betray it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

# Savepoints are numbered per thread and process.
_SAVEPOINT = re.compile(r'"?s\d+_x\d+"?')


@dataclass
class Statement:
    """One statement; `sql` has placeholders where values stood, `rows` counts what was fetched of its result."""

    sql: str
    rows: int = 0


class _CountingCursor:
    """A database cursor that counts what is fetched through it for the statement that was sent last."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.statement = Statement("")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Iterator[Any]:
        for row in self._cursor:
            self.statement.rows += 1
            yield row

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        self.statement.rows += row is not None
        return row

    def fetchmany(self, *arguments: Any, **options: Any) -> Any:
        return self._counted(self._cursor.fetchmany(*arguments, **options))

    def fetchall(self) -> Any:
        return self._counted(self._cursor.fetchall())

    def _counted(self, rows: Any) -> Any:
        self.statement.rows += len(rows)
        return rows


@contextmanager
def observed_statements() -> Iterator[list[Statement]]:
    """Collects the statements that are sent inside, in their order."""
    seen: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        wrapper = context["cursor"]
        if not isinstance(wrapper.cursor, _CountingCursor):
            wrapper.cursor = _CountingCursor(wrapper.cursor)
        statement = Statement(_SAVEPOINT.sub("savepoint", sql))
        wrapper.cursor.statement = statement
        seen.append(statement)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
