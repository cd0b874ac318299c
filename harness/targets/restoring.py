"""PostgreSQL put back as it was: after a block that commits, and after a statement that fails inside one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

# Beside the backend's own tables: what they held when a block began.
COPIES = "coursegate_copies"
SECONDS_FOR_LOCKS = 10
_SAVEPOINT = "coursegate_statement"


@dataclass
class Copies:
    """What is known of the copies in a database.

    Attributes:
        digests: table -> digest of the rows in its copy.
    """

    database: str = ""
    digests: dict[str, str] = field(default_factory=dict)


_COPIES = Copies()


@contextmanager
def restored_postgres() -> Iterator[None]:
    """A block after which every table is as it was before; automatic ids go on from where they are."""
    before = _digests()
    _copy_changed(before)
    try:
        yield
    finally:
        now = _digests()
        _put_back([table for table, digest in before.items() if now.get(table) != digest])


def _digests() -> dict[str, str]:
    """Table -> digest of its rows, whatever their order."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table != COPIES]
        if not tables:
            return {}
        parts = (
            f"SELECT '{table}', (SELECT md5(coalesce(string_agg(r::text, chr(10) ORDER BY r::text), '')) "
            f"FROM {_quoted(table)} r)"
            for table in tables
        )
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def _copy_changed(digests: dict[str, str]) -> None:
    """Copy the tables whose rows are not those of their copies."""
    name = str(connection.settings_dict["NAME"])
    if _COPIES.database != name:
        _COPIES.database, _COPIES.digests = name, {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {COPIES}")
        for table, digest in digests.items():
            if _COPIES.digests.get(table) != digest:
                copy = f"{COPIES}.{_quoted(table)}"
                cursor.execute(f"DROP TABLE IF EXISTS {copy}")
                cursor.execute(f"CREATE UNLOGGED TABLE {copy} AS TABLE {_quoted(table)}")
                _COPIES.digests[table] = digest


def _put_back(tables: Iterable[str]) -> None:
    """Fill tables from their copies: references between them are looked at when all of them are full again."""
    if connection.needs_rollback:
        connection.rollback()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{SECONDS_FOR_LOCKS}s'")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _without_triggers(cursor)
        for table in tables:
            columns = _stored_columns(cursor, table)
            cursor.execute(f"DELETE FROM {_quoted(table)}")
            cursor.execute(
                f"INSERT INTO {_quoted(table)} ({columns}) OVERRIDING SYSTEM VALUE "
                f"SELECT {columns} FROM {COPIES}.{_quoted(table)}"
            )


def _without_triggers(cursor: Any) -> None:
    """Leave out what the backend's own triggers would do, where our role may."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if (row := cursor.fetchone()) and row[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")


def _stored_columns(cursor: Any, table: str) -> str:
    """The columns of a table but those that the database computes."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [_quoted(table)],
    )
    return ", ".join(_quoted(name) for (name,) in cursor.fetchall())


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


@contextmanager
def statements_fail_alone() -> Iterator[None]:
    """Inside a transaction of the gate's a statement that fails undoes itself, as it would without one.

    PostgreSQL refuses everything after a failed statement until the transaction ends. A backend that writes outside
    a transaction of its own, and goes on after an error, must not be refused what it is not refused in production.
    """
    outside = len(connection.savepoint_ids)

    def alone(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if len(connection.savepoint_ids) > outside or not connection.in_atomic_block or _is_savepoint(sql):
            return execute(sql, params, many, context)
        _tell(f"SAVEPOINT {_SAVEPOINT}")
        try:
            done = execute(sql, params, many, context)
        except Exception:
            _tell(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
            raise
        _tell(f"RELEASE SAVEPOINT {_SAVEPOINT}")
        return done

    with connection.execute_wrapper(alone):
        yield


def _is_savepoint(sql: str) -> bool:
    return sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))


def _tell(sql: str) -> None:
    """Past Django, which would count it among the backend's statements."""
    with connection.connection.cursor() as cursor:
        cursor.execute(sql)
