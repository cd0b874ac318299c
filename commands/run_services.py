"""Which services a run stands on, and which its checks may start: --db, --cache, --postgres, --redis."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

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

    @property
    def typed(self) -> str:
        """What to type to have the same kinds again; servers that were named are not: their addresses hold passwords."""
        chosen = {"--db": self.db, "--cache": self.cache}
        return " ".join(f"{option}={kind}" for option, kind in chosen.items() if kind != AUTO)


def add_service_options(add: Callable[..., Any]) -> None:
    """The options, by whatever adds one: to a run, or to a command."""
    add(
        "--db",
        choices=(AUTO, SQLITE, POSTGRES),
        default=AUTO,
        help="what everything runs on; auto: SQLite, and PostgreSQL for the checks that need it",
    )
    add(
        "--cache",
        choices=(AUTO, LOCMEM, REDIS),
        default=AUTO,
        help="the same of the cache; auto: local memory, and Valkey for the checks that need it",
    )
    add("--postgres", metavar="DSN", default="", help="a PostgreSQL server to make databases on, not our own")
    add("--redis", metavar="URL", default="", help="a Redis server to use, not our own")


def read_service_options(said: argparse.Namespace, *, live: bool) -> ServiceOptions:
    """The options of a run.

    Raises:
        NoService: they contradict each other, or the target.
    """
    found = ServiceOptions(said.db, said.cache, said.postgres, said.redis)
    if live and found != ServiceOptions():
        raise NoService("a deployment has its own services: leave out --db, --cache, --postgres, --redis.")
    if found.db == SQLITE and found.postgres:
        raise NoService("--db=sqlite needs no server: leave out --postgres.")
    if found.cache == LOCMEM and found.redis:
        raise NoService("--cache=locmem needs no server: leave out --redis.")
    return found


@contextmanager
def ground_of(options: ServiceOptions) -> Iterator[Ground]:
    """What this process of a run stands on; what the first one has opened is gone after the block.

    Raises:
        NoService: what was asked for by name cannot be had.
    """
    with _services(options) as services:
        yield choose(services)


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
