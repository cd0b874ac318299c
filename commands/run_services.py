"""Which services a run stands on, and which its checks may start: --db, --cache, --postgres, --redis."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from coursegate.harness.services.guarding import NoService
from coursegate.harness.services.services import Services, joined, opened
from coursegate.harness.targets.ground import Ground, choose

AUTO, SQLITE, POSTGRES, LOCMEM, REDIS = "auto", "sqlite", "postgres", "locmem", "redis"


@dataclass(frozen=True)
class ServiceOptions:
    """What was asked for.

    Attributes:
        db: auto, sqlite or postgres.
        cache: auto, locmem or redis.
        postgres: the DSN of a server to use in place of one of our own; "" for none.
        redis: the same, as a URL.
    """

    db: str = AUTO
    cache: str = AUTO
    postgres: str = ""
    redis: str = ""


def add_service_options(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--db",
        choices=(AUTO, SQLITE, POSTGRES),
        default=AUTO,
        help="what everything runs on; auto: SQLite, and PostgreSQL for the checks that need it",
    )
    group.addoption(
        "--cache",
        choices=(AUTO, LOCMEM, REDIS),
        default=AUTO,
        help="the same of the cache; auto: local memory, and Valkey for the checks that need it",
    )
    group.addoption(
        "--postgres", metavar="DSN", default="", help="a PostgreSQL server to make databases on, not our own"
    )
    group.addoption("--redis", metavar="URL", default="", help="a Redis server to use, not our own")


def read_service_options(said: argparse.Namespace, *, live: bool) -> ServiceOptions:
    """The options of a run.

    Raises:
        pytest.UsageError: they contradict each other, or the target.
    """
    found = ServiceOptions(said.db, said.cache, said.postgres, said.redis)
    if live and found != ServiceOptions():
        raise pytest.UsageError(
            "a deployment has its own services: leave out --db, --cache, --postgres, --redis."
        )
    if found.db == SQLITE and found.postgres:
        raise pytest.UsageError("--db=sqlite needs no server: leave out --postgres.")
    if found.cache == LOCMEM and found.redis:
        raise pytest.UsageError("--cache=locmem needs no server: leave out --redis.")
    return found


@contextmanager
def ground_of(options: ServiceOptions) -> Iterator[Ground]:
    """What this process of a run stands on; what the first one has opened is gone after the block.

    Raises:
        pytest.UsageError: what was asked for by name cannot be had.
    """
    try:
        with _services(options) as services:
            yield choose(services)
    except NoService as problem:
        raise pytest.UsageError(str(problem)) from None


@contextmanager
def _services(options: ServiceOptions) -> Iterator[Services]:
    if (known := joined()) is not None:
        yield known
        return
    named = {POSTGRES: options.db == POSTGRES, REDIS: options.cache == REDIS}
    refused = {POSTGRES: options.db == SQLITE, REDIS: options.cache == LOCMEM}
    with opened(
        options.postgres,
        options.redis,
        everything_on=frozenset(name for name, wanted in named.items() if wanted),
        refused=frozenset(name for name, unwanted in refused.items() if unwanted),
    ) as services:
        yield services
