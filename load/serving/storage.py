"""Where a served checkout keeps its rows and its cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursegate.load.serving.services import Services

KINDS = ("sqlite",)


@dataclass(frozen=True)
class Kept:
    """What the server's settings are to say, and how the report calls it."""

    services: Services
    said: str


@contextmanager
def storage(kind: str, scratch: Path, rate: str) -> Iterator[Kept]:  # noqa: ARG001 -- a service keeps its files there
    """Rows and cache for a block.

    SQLite lets one writer write at a time, and its processes have no cache in common: what it shows of latency and of
    limits is that of one process, and the report names it.
    """
    yield Kept(Services(rate=rate), "SQLite in a file, cache in each process's own memory")
