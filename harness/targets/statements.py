"""What a request writes to the database, as columns of models."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from coursegate.contracts.columns import Columns
from coursegate.harness.targets.renamed_models import label_of

_WRITE = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?(?:\s+SET\s+(.*?)(?:\sWHERE\s|$))?',
    re.I | re.S,
)
_COLUMN = re.compile(r'"?(\w+)"?\s*=')


@contextmanager
def recorded_writes() -> Iterator[set[str]]:
    """Collects what is written inside: `app.Model` for rows that come or go, `app.Model.column` for those that change."""
    written: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := _WRITE.match(sql):
            model = _models().get(match[1], match[1])
            columns = _COLUMN.findall(match[2] or "")
            written.update(f"{model}.{column}" for column in columns) if columns else written.add(model)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def digests(columns: Columns) -> dict[str, str]:
    """A digest of all rows of each model that there is a table of, as far as these columns go."""
    found = {}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            known, options = columns.of(label := label_of(model)), model._meta
            meant = [one.column or "" for one in options.local_concrete_fields if one.name in known]
            if not meant or options.db_table not in tables:
                continue
            names = ", ".join(map(connection.ops.quote_name, meant))
            cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(options.db_table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[label] = hashlib.blake2s("\n".join(rows).encode()).hexdigest()
    return found


def _models() -> dict[str, str]:
    """Table -> model label."""
    if not _MODELS:
        _MODELS.update(
            {model._meta.db_table: label_of(model) for model in apps.get_models(include_auto_created=True)}
        )
    return _MODELS


_MODELS: dict[str, str] = {}
