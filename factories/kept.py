"""A world that was built once, put where an equal one would be built: for processes whose code cannot have made another."""

from __future__ import annotations

import os
import pickle
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection

from coursegate.contracts.world import WorldContract
from coursegate.factories.filling import FILLED
from coursegate.harness.world import KEPT_VARIABLE, World


@dataclass(frozen=True)
class KeptWorld:
    """All that stands after a world was built on SQLite and local memory.

    Attributes:
        database: the tables, as SQLite writes them into a file.
        files: what was stored, by its place below the scratch folder.
        caches: alias -> what a cache holds, and until when.
        filled: how many values were made up for fields that nobody told us about.
    """

    world: World
    database: bytes
    files: dict[str, bytes]
    caches: dict[str, tuple[dict[str, Any], dict[str, Any]]]
    filled: int


def keep(world: World, file: Path) -> None:
    """Write what stands in this process, and below its scratch folder, into a file."""
    scratch: Path = settings.COURSEGATE_SCRATCH
    connection.ensure_connection()
    kept = KeptWorld(
        world,
        connection.connection.serialize(),
        {str(path.relative_to(scratch)): path.read_bytes() for path in _files(scratch)},
        {alias: (dict(held), dict(until)) for alias, (held, until) in _local_caches().items()},
        FILLED.count,
    )
    file.write_bytes(pickle.dumps(kept))


def kept_world(contract: WorldContract, seed: str) -> World | None:
    """The world that this process was told to put in place, now that it stands; None where it was told of none.

    Raises:
        ValueError: a world of another seed was asked for.
    """
    # For this process alone, not for those that it starts.
    if not (file := os.environ.pop(KEPT_VARIABLE, "")):
        return None
    kept: KeptWorld = pickle.loads(Path(file).read_bytes())
    if kept.world.seed != seed:
        raise ValueError(f"the world that is kept has the seed {kept.world.seed!r}, not {seed!r}")
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as tables:
        tables.deserialize(kept.database)
        tables.backup(connection.connection)
    for name, content in kept.files.items():
        place = settings.COURSEGATE_SCRATCH / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for alias, (held, until) in _local_caches().items():
        was_held, was_until = kept.caches[alias]
        held.update(was_held)
        until.update(was_until)
    FILLED.count = kept.filled
    return replace(kept.world, contract=contract)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _local_caches() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    found = {alias: caches[alias] for alias in settings.CACHES}
    return {
        alias: (vars(cache)["_cache"], vars(cache)["_expire_info"])
        for alias, cache in found.items()
        if isinstance(cache, LocMemCache)
    }
