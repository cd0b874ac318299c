"""A program for a fresh process: the reference backend on PostgreSQL and Valkey, put back and asked. Prints JSON.

`python postgres_target.py BACKEND`; Django can be set up only once in a process, so the tests read what this one saw.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import load_contract
from coursegate.harness.observation import Request
from coursegate.harness.services.services import opened
from coursegate.harness.targets.binding import locate
from coursegate.harness.targets.ground import choose


def main() -> None:
    both = frozenset({"postgres", "redis"})
    with opened(everything_on=both) as services, tempfile.TemporaryDirectory() as scratch:
        ground = choose(services)
        ground.announce()
        binding = locate(Path(sys.argv[1]))
        binding.activate(Path(scratch))
        os.chdir(binding.path)
        import django

        django.setup()
        from coursegate.harness.targets.database import create_tables
        from coursegate.harness.targets.source import SourceTarget

        with ground.laid():
            notes = create_tables()
            print(json.dumps({"notes": notes, **_seen(SourceTarget(binding))}))


def _seen(target: Any) -> dict[str, Any]:
    from django.apps import apps
    from django.core.cache import cache
    from django.db import IntegrityError, connection, transaction

    categories = apps.get_model("courses.Category")._base_manager
    first = categories.create(name="First")
    seen: dict[str, Any] = {"first_id": first.pk}

    columns = load_contract().declassified.columns

    def digests() -> str:
        return json.dumps(target.digests(columns), sort_keys=True)

    before = digests()
    for number in range(2):  # the second time the copies are there already
        with target.restored():
            categories.create(name=f"Second {number}", parent=first)
            categories.filter(pk=first.pk).update(description="changed")
            cache.set("inside", 1)
    seen["restored"] = digests() == before and cache.get("inside") is None
    categories.filter(pk=first.pk).update(description="kept")
    kept = digests()
    with target.restored():
        categories.all().delete()
    seen["restored_to_what_was_then"] = digests() == kept != before

    with target.undone():
        with suppress(IntegrityError):
            categories.create(name="First")
        transaction.set_rollback(False)
        seen["goes_on_after_an_error"] = categories.filter(name="First").count()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
        except Exception as problem:
            seen["inner_error"] = type(problem).__name__
        seen["goes_on_after_an_inner_error"] = categories.count()
    seen["undone"] = digests() == kept

    _see_connections(target, seen)
    _see_cache(target, seen)
    return seen


def _see_connections(target: Any, seen: dict[str, Any]) -> None:
    from django.test import Client

    path = "/api/health/"
    with target.undone():
        Client().get(path)
        seen["after_a_test_client"] = [target.send(Request("GET", path)).status for _ in range(2)]


def _see_cache(target: Any, seen: dict[str, Any]) -> None:
    from django.core.cache import cache

    stranger = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # Django's Redis cache
    stranger.set("somebody-else", 1)
    cache.set("for-an-hour", 1, 3600)
    cache.set("for-ever", 1, None)
    cache.set("for-three-hours", 1, 3 * 3600)
    with target.later(timedelta(hours=2)):
        names = ("for-an-hour", "for-ever", "for-three-hours")
        seen["after_two_hours"] = [name for name in names if cache.get(name)]
    target.clear_caches()
    seen["cleared"] = cache.get("for-ever") is None and bool(stranger.exists("somebody-else"))


if __name__ == "__main__":
    main()
