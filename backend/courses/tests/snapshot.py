"""Rows that were stored once, put back for each test: building them anew takes longer than most tests."""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

Rows = Mapping[str, Sequence[tuple[Any, ...]]]


@dataclass(frozen=True)
class Snapshot:
    """What a block of code stored and returned.

    Attributes:
        rows: table -> its new rows, every column in order.
        made: what the code returned, pickled, so that each test gets a copy of its own.
    """

    rows: Rows
    made: bytes

    @classmethod
    def since(cls, before: Rows, made: Any) -> "Snapshot":
        """What was stored since `before`. Rows that were there already must not have been changed."""
        known = {table: set(rows) for table, rows in before.items()}
        new = {
            table: [row for row in rows if row not in known[table]] for table, rows in stored_rows().items()
        }
        return cls({table: rows for table, rows in new.items() if rows}, pickle.dumps(made))

    def restore(self) -> Any:
        """Store the rows again, with the same keys; constraints are checked at the end of the transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.rows.items():
                places = ", ".join(["%s"] * len(rows[0]))
                name = connection.ops.quote_name(table)
                cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(statement)
        return pickle.loads(self.made)


def stored_rows() -> Rows:
    """All rows of all tables."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchall()
    return found
