"""What a backend stands on in place of its own services: SQLite and local memory, or PostgreSQL and Valkey."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from coursegate.harness.services.guarding import NoService
from coursegate.harness.services.services import Services, drop_if_there
from coursegate.harness.services.valkey import answers

# The overlay is imported by name; this is how it learns what to put in.
GROUND_VARIABLE = "COURSEGATE_GROUND"
SHARED_CACHE = "coursegate.harness.targets.shared_cache.shared_cache"


@dataclass(frozen=True)
class Ground:
    """The services that one process of a run uses.

    Attributes:
        services: whose they are; None for a process that needs none.
        database: the name of its own PostgreSQL database, there from `laid` on; "" for SQLite.
        cache: the URL of a Redis, in which it has a prefix of its own; "" for local memory.
        options: of the connections to PostgreSQL.
        rates: throttle scope -> rate, such as 6/min; where nothing is said of a scope its rate is never reached.
        served: for processes that share a broker and a channel layer: tasks wait for a worker.
    """

    services: Services | None = None
    database: str = ""
    cache: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=dict)
    served: bool = False

    def announce(self) -> None:
        """Let the overlay of this process, and of those it starts, know."""
        os.environ.update(self.surroundings())

    def surroundings(self) -> dict[str, str]:
        """The variable by which the overlay of a process knows."""
        told: dict[str, Any] = {"rates": dict(self.rates)}
        if self.database and self.services:
            told["database"] = {
                **self.services.postgres().django(self.database),
                "OPTIONS": dict(self.options),
            }
        if self.cache and self.services:
            told["cache"] = {"url": self.cache, "prefix": self.database or self.services.new_name()}
        if self.served:
            told["broker"] = self.cache
        return {GROUND_VARIABLE: json.dumps(told)}

    def gone(self) -> str:
        """What has ended in the midst of the run, and why that is thought; "" where everything is there."""
        if self.database and self.services:
            try:
                with self.services.postgres().connected():
                    return ""
            except (NoService, OSError) as problem:
                return f"PostgreSQL has ended in the midst of the run: {problem}"
        if self.cache and not answers(self.cache):
            return "Valkey has ended in the midst of the run: it answers no more"
        return ""

    @contextmanager
    def laid(self, *, here: bool = True) -> Iterator[None]:
        """A block in which the database exists; Django's connections to it, if it is used here, are closed afterwards."""
        if not (self.database and self.services):
            yield
            return
        server = self.services.postgres()
        server.create(self.database)
        try:
            yield
        finally:
            if here:
                _close_connections()
            drop_if_there(server, self.database)


def choose(services: Services | None) -> Ground:
    """The ground of a process whose run has these services.

    Raises:
        NoService: one that everything is to run on cannot be had.
    """
    if services is None:
        return Ground()
    postgres, redis = "postgres" in services.everything_on, "redis" in services.everything_on
    if postgres:
        services.postgres()
    if redis:
        _check_client()
    return Ground(
        services,
        services.new_name() if postgres else "",
        services.redis() if redis else "",
    )


def announced() -> Mapping[str, Any]:
    """What `announce` told this process: `database` as an entry of DATABASES, `cache` as `url` and `prefix`."""
    told: Mapping[str, Any] = json.loads(os.environ.get(GROUND_VARIABLE) or "{}")
    return told


def _check_client() -> None:
    try:
        import redis  # noqa: F401 -- Django's cache loads it later, in the midst of a request
    except ImportError as problem:
        raise NoService(f"Redis cannot be talked to ({problem}): pip install redis") from None


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
