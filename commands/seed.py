"""`coursegate seed`: the world, written into the database that a deployment really runs on, and a file that says what."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursegate.commands.doctor import examine, report_lines
from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.targets.binding import Binding, Database, locate
from coursegate.harness.targets.seeding import check_hosts, place_of
from coursegate.harness.world import World
from coursegate.harness.world_file import check_writable, write_world


class CannotSeed(Exception):
    """The database is there, but the world cannot be put into it. The text says why."""


def answer(said: argparse.Namespace) -> int:
    """Build the world and write the file. Returns 0 then, 1 where the target or its database does not let it."""
    check_writable(said.output)
    binding = locate(Path(said.target), said.settings, said.config, as_is=said.settings_as_is)
    contract = binding.contract(said.contract, said.size)
    # Whether it starts does not depend on the size of the world.
    results = examine(binding, argparse.Namespace(**{**vars(said), "size": 1}))
    if blocking(results) is not None:
        for line in report_lines(binding, results):
            print(line)
        return 1
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        _start(binding, Path(scratch))
        try:
            world = _settle(said, contract)
        except CannotSeed as problem:
            print(f"nothing was written: {problem}")
            return 1
        write_world(said.output, world, contract)
    for line in _lines(said, world):
        print(line)
    return 0


def _start(binding: Binding, scratch: Path) -> None:
    binding.activate(scratch, database=Database.OWN)
    os.chdir(binding.path)
    import django

    django.setup()


def _settle(said: argparse.Namespace, contract: Contract) -> World:
    """Say what will be written where, and write it.

    Raises:
        MayNotWrite: the database is on a machine that nobody named.
        CannotSeed: it has no tables, or an earlier world does not go.
    """
    from django.conf import settings

    from coursegate.factories.clearing import (
        CannotClear,
        clear_world,
    )  # models need a Django that has started
    from coursegate.factories.world import build_world
    from coursegate.harness.targets.database import raise_sequences

    check_hosts(settings.DATABASES, said.yes_write_to)
    for line in _intentions(settings.DATABASES, contract, said.world_seed):
        print(line, flush=True)
    _check_tables(contract)
    try:
        if found := clear_world(contract, said.world_seed):
            print(f"  the world of this seed stood there already: {found} rows of it were deleted")
    except CannotClear as problem:
        raise CannotSeed(problem) from None
    raise_sequences()
    return build_world(contract.world, said.world_seed)


def _intentions(databases: dict[str, Any], contract: Contract, seed: str) -> Iterator[str]:
    objects = contract.world.objects.values()
    models = Counter(item.model.rpartition(".")[2] for item in objects)
    for alias, settings in databases.items():
        yield f"writing into {place_of(settings)}" + (f" ({alias})" if len(databases) > 1 else "")
    yield f"  {len(objects)} rows of seed {seed!r}: " + ", ".join(f"{n} {name}" for name, n in models.items())
    yield "  rows of others stay as they are; an earlier world of this seed, and what hangs below it, makes way"
    yield "  files, mail and tasks stay here: only rows are written, and what the backend caches of them is evicted"


def _check_tables(contract: Contract) -> None:
    from django.apps import apps
    from django.db import connection

    labels = dict.fromkeys(item.model for item in contract.world.objects.values())
    wanted = [apps.get_model(label)._meta.db_table for label in labels if _has(label)]
    try:
        present = set(connection.introspection.table_names())
    except Exception as problem:
        raise CannotSeed(
            f"the database does not answer: {type(problem).__name__}: {' '.join(str(problem).split())}"
        ) from None
    if absent := [table for table in wanted if table not in present]:
        raise CannotSeed(f"the database has no table {absent[0]}. Make its tables first: manage.py migrate")


def _has(label: str) -> bool:
    from django.apps import apps

    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def _lines(said: argparse.Namespace, world: World) -> Iterator[str]:
    from django.conf import settings

    yield f"{len(world.ids)} objects are there, {len(world.missing)} are not; {said.output} says which"
    for name, reason in list(world.missing.items())[:5]:
        yield f"  not there: {name}: {reason}"
    if any("locmem" in cache.get("BACKEND", "") for cache in settings.CACHES.values()):
        yield "A backend that caches in its own memory has not noticed: start it anew before it is judged."
    yield f"Judge it: coursegate run --target=http://127.0.0.1:8000 --world={said.output}"
