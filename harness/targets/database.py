"""The tables of the world: made from the target's models, with ids that no two tables share."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

# Ids start high and far apart, so that comparing the wrong two ids never succeeds by accident, and so that small
# integers, which Python interns, never make `is` look like `==`.
FIRST_ID, ID_GAP = 1_000_003, 1_000_000
# What engines of PostgreSQL are called: Django's own, that of its maps, those that count queries.
POSTGRES = re.compile(r"postg(res|is)")


def create_tables() -> list[str]:
    """Create every table. Returns notes on what had to be left out; empty where the models are sound."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Of a file: readers do not wait for writers, and nobody waits for the disk; in memory neither means anything.
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=OFF")
    try:
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        notes = []
    except Exception as problem:
        # Whatever a foreign model definition raises, the other tables can still stand.
        notes = [f"the tables could not be created as the models say: {type(problem).__name__}: {problem}"]
        notes += _create_one_by_one()
    raise_sequences()
    return notes


@contextmanager
def restored_sqlite(database: sqlite3.Connection) -> Iterator[None]:
    """A block after which every table is as it was before."""
    with closing(sqlite3.connect(":memory:")) as copy:
        database.backup(copy)
        try:
            yield
        finally:
            copy.backup(database)


def hint_of_postgres(own: Mapping[str, Any]) -> str:
    """What helps a backend that is at home on PostgreSQL, and does not stand there; "" for any other.

    Args:
        own: the databases of its own settings, by alias.
    """
    fields = [
        f"{model._meta.label}.{field.name}"
        for model in _managed()
        for field in model._meta.local_fields
        if type(field).__module__.startswith("django.contrib.postgres")
    ]
    is_named = POSTGRES.search(own.get("default", {}).get("ENGINE", ""))
    if connection.vendor == "postgresql" or not (fields or is_named):
        return ""
    why = f"{fields[0]} is a field of PostgreSQL" if fields else "its own settings name PostgreSQL"
    return f"{why}: `coursegate run --db=postgres` has one"


def raise_sequences() -> None:
    """Let the automatic ids of each table start at its own height, or go on where they are higher."""
    existing = _existing()
    for position, model in enumerate(sorted(_managed(), key=lambda model: str(model._meta.db_table))):
        key = model._meta.pk
        # A small one has no room for such heights.
        raised = isinstance(key, models.AutoField) and not isinstance(key, models.SmallAutoField)
        if raised and model._meta.db_table in existing:
            _raise_sequence(model, FIRST_ID + position * ID_GAP)


def _raise_sequence(model: Any, start: int) -> None:
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
            start = max(start, cursor.fetchone()[0] or 0)
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])
        elif connection.vendor == "postgresql":
            sequence = [f'"{table}"', column]
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", sequence)
            start = max(start, cursor.fetchone()[0])
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*sequence, start])


def _create_one_by_one() -> list[str]:
    notes = []
    existing = _existing()
    for model in _managed():
        # Tables of many-to-many relations come with the model that declares them.
        if model._meta.db_table not in existing and not model._meta.auto_created:
            notes += _create(model)
            existing.add(model._meta.db_table)
    return notes


def _create(model: Any) -> list[str]:
    """One table; without its constraints and indexes where they name what the model does not have."""
    notes = []
    options = model._meta
    for part in ("constraints", "indexes", "unique_together"):
        sound = [item for item in getattr(options, part) if _names_fields_of(model, item)]
        if len(sound) < len(getattr(options, part)):
            notes.append(f"{options.label}: {part} that name missing fields were left out")
            setattr(options, part, sound)
    try:
        with connection.schema_editor() as editor:
            editor.create_model(model)
    except Exception as problem:
        notes.append(f"{options.label}: no table: {type(problem).__name__}: {problem}")
    return notes


def _names_fields_of(model: Any, item: Any) -> bool:
    """Whether a constraint, index or unique_together entry can be turned into SQL for the model."""
    try:
        if isinstance(item, (tuple, list)):
            return all(model._meta.get_field(name) for name in item)
        with connection.schema_editor(collect_sql=True) as editor:
            return bool(item.create_sql(model, editor)) or True
    except Exception:
        return False


def _managed() -> list[Any]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _existing() -> set[str]:
    return set(connection.introspection.table_names())
