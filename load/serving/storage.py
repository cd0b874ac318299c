"""Where a served checkout keeps its rows and its cache."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from coursegate.harness.services.guarding import NoService
from coursegate.harness.services.services import Services as Running
from coursegate.harness.services.services import opened
from coursegate.load.serving.services import Services

AUTO, POSTGRES, SQLITE = "auto", "postgres", "sqlite"
KINDS = (AUTO, POSTGRES, SQLITE)
REDIS_CACHE = "django.core.cache.backends.redis.RedisCache"


@dataclass(frozen=True)
class Kept:
    """What the server's settings are to say.

    Attributes:
        said: how the report calls it.
        processes: how many server processes may share it: limits and caches must be kept by all together.
    """

    services: Services
    said: str
    processes: int


@contextmanager
def storage(kind: str, rate: str) -> Iterator[Kept]:
    """Rows and cache of one server, for a block; see `several`."""
    with several(kind) as another:
        yield another(rate)


@contextmanager
def several(kind: str) -> Iterator[Callable[[str], Kept]]:
    """Rows and caches for a block, as many as are asked for, each apart from the others.

    PostgreSQL and Valkey are started once, when the first is asked for, and end with the block. `auto` takes SQLite
    where they cannot be had, and the report says why: it lets one writer write at a time, and its processes have no
    cache in common, so what it shows of latency and of limits is that of one process.

    Raises:
        NoService: PostgreSQL and Valkey were asked for, and cannot be had.
    """
    with ExitStack() as stack:
        services = None if kind == SQLITE else stack.enter_context(opened())

        def another(rate: str) -> Kept:
            if services is None:
                return _sqlite(rate)
            try:
                return _of_services(stack, services, rate)
            except NoService as problem:
                if kind == POSTGRES:
                    raise
                return _sqlite(rate, f"; {problem}")

        yield another


def _of_services(stack: ExitStack, services: Running, rate: str) -> Kept:
    if lacking := [name for name in ("psycopg", "redis") if importlib.util.find_spec(name) is None]:
        raise NoService(f"the library {lacking[0]} is not installed")
    server, name = stack.enter_context(services.database())
    cache = {"BACKEND": REDIS_CACHE, "LOCATION": services.redis(), "KEY_PREFIX": name}
    return Kept(Services(server.django(name), cache, rate), "PostgreSQL and Valkey of this run", 2)


def _sqlite(rate: str, why: str = "") -> Kept:
    return Kept(Services(rate=rate), f"SQLite in a file, cache in the process's own memory{why}", 1)
