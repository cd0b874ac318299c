"""Which rows a target locks while it reads them, on a database that has no such locks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

# As Django writes it at the end of a statement (PostgreSQL's SELECT ... FOR UPDATE).
_LOCK = re.compile(r"\s+FOR (NO KEY )?UPDATE( OF [^;]*?)?( NOWAIT| SKIP LOCKED)?\s*$")
FEATURES = (
    "has_select_for_update",
    "has_select_for_update_of",
    "has_select_for_no_key_update",
    "has_select_for_update_nowait",
    "has_select_for_update_skip_locked",
)


@contextmanager
def locking_reads() -> Iterator[list[str]]:
    """Collects the SELECT ... FOR UPDATE statements that the backend would send to PostgreSQL.

    Django is told that the database can lock rows, and what it then adds to a statement is taken off on the way. As on
    PostgreSQL, locking outside a transaction raises TransactionManagementError.
    """
    from django.db import connection

    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _LOCK.search(sql):
            seen.append(sql)
        return execute(_LOCK.sub("", sql), params, many, context)

    with ExitStack() as stack:
        for feature in FEATURES:
            stack.enter_context(patch.object(connection.features, feature, True))
        stack.enter_context(connection.execute_wrapper(note))
        yield seen


def locks_rows_of(sql: str, table: str) -> bool:
    """Whether a locking statement reads rows of a table, not a total over them: that would lock nothing."""
    aggregate = re.match(r"\s*SELECT\s+(MAX|MIN|COUNT|SUM|AVG)\(", sql, re.I)
    return f'FROM "{table}"' in sql and aggregate is None
