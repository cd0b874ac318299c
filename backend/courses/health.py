"""How the process is doing: what each component reported last, and questions to those that can be asked."""

import threading
import uuid
from collections.abc import Callable, Mapping

from django.core.cache import cache
from django.db import DatabaseError, connection

READY, INITIALIZING, DEGRADED = "ready", "initializing", "degraded"


class HealthRegister:
    """The last word of each component. Writers lose no update, readers see all of one moment (APP-02)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._components: dict[str, str] = {}

    def report(self, **components: str) -> None:
        """Notes the new standing of each component named; together, or not at all."""
        with self._lock:
            self._components.update(components)

    @property
    def components(self) -> dict[str, str]:
        with self._lock:
            return dict(self._components)

    @staticmethod
    def summary(components: Mapping[str, str]) -> str:
        """ready when all are, else initializing while any is, else degraded."""
        standings = set(components.values())
        if standings == {READY}:
            return READY
        return INITIALIZING if not standings or INITIALIZING in standings else DEGRADED


def database_answers() -> bool:
    """Whether the database answers right now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False


def cache_answers() -> bool:
    """Whether the cache gives back what it is given right now."""
    key, value = f"health:{uuid.uuid4().hex}", "answers"
    try:
        cache.set(key, value, timeout=5)
        return bool(cache.get(key) == value)
    except Exception:  # each backend raises errors of its own, without a common base
        return False


PROBES: Mapping[str, Callable[[], bool]] = {"database": database_answers, "cache": cache_answers}
