"""Which patches that are spared the building of a world would have built another one: for a process of its own.

    python -m coursegate.tests.commands.same_world [PATCH ...]

Prints a line for each that differs from the kept one in more than moments and what is drawn by chance, and how many there were.
"""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from coursegate.commands.proof.defects import patches
from coursegate.commands.proof.forking import run_all
from coursegate.commands.proof.preloading import preload
from coursegate.commands.proof.standing import standing_world
from coursegate.commands.proof.trial import REFERENCE, Trial
from coursegate.commands.proof.workshop import apply_patch, copy_compiled
from coursegate.contracts.contract import load_contract
from coursegate.harness.targets.binding import locate
from coursegate.harness.world import DEFAULT_SEED

BUILT = "built.json"
# The reference builds again, so that what differs without a patch is known.
AGAIN = Trial(REFERENCE, None, ())

Dump = dict[str, list[list[Any]]]


def main(names: list[str]) -> int:
    preload()
    standing = standing_world()
    if standing is None:
        print("the reference builds no world")
        return 1
    kept = _rows(pickle.loads(standing.file.read_bytes()).database)
    trials = [Trial(patch.id, patch, ()) for patch in patches() if not names or patch.id in names]
    built, problems = dict[str, Dump](), list[str]()
    for ended in run_all([AGAIN, *trials], _build, 1 if names else os.cpu_count() or 1):
        if ended.code != 0:
            problems.append(f"{ended.trial.name}: {ended.last_words(3)}")
        elif (told := ended.folder / BUILT).is_file():
            built[ended.trial.name] = json.loads(told.read_text())
    again = built.pop(AGAIN.name)
    for name, rows in built.items():
        problems += [f"{name}: {told}" for told in islice(_differences(kept, again, rows), 1)]
    for problem in problems:
        print(problem)
    print(
        f"{len(built)} of {len(trials)} are spared the building; {len(problems)} would have built another world"
    )
    return 1 if problems else 0


def _build(trial: Trial, folder: Path) -> int:
    """Build the world of a patch that is spared it."""
    backend, standing = copy_compiled(folder), standing_world()
    if trial.patch is not None:
        apply_patch(trial.patch.path, backend)
    if standing is None or not standing.serves(trial.patch, backend):
        return 0
    (scratch := folder / "scratch").mkdir()
    binding = locate(backend)
    binding.activate(scratch)
    with binding.at_home():
        import django

        django.setup()
        from django.db import connection

        from coursegate.factories.session import settle
        from coursegate.harness.preflight.start import check_start

        check_start(binding)  # as in a trial: all views are imported
        settle(load_contract(), DEFAULT_SEED)
        (folder / BUILT).write_text(json.dumps(_rows(connection.connection.serialize()), default=repr))
    return 0


def _rows(database: bytes) -> Dump:
    """Table -> its rows; of `sqlite_master`, how each was made."""
    with sqlite3.connect(":memory:") as tables:
        tables.deserialize(database)
        found = {
            "sqlite_master": tables.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        }
        for (name,) in tables.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[name] = tables.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
    return json.loads(json.dumps(found, default=repr))  # type: ignore[no-any-return]


def _differences(kept: Dump, again: Dump, built: Dump) -> Iterator[str]:
    if kept.keys() != built.keys():
        yield f"other tables: {sorted(kept.keys() ^ built.keys())}"
        return
    for table, rows in kept.items():
        if len(rows) != len(built[table]):
            yield f"{table} has {len(built[table])} rows, not {len(rows)}"
        for row, repeated, other in zip(rows, again[table], built[table], strict=False):
            for value, second, third in zip(row, repeated, other, strict=True):
                if value == second != third:
                    yield f"{table} {row[0]}: {third!r}, not {value!r}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
