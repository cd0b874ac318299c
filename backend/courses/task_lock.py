"""One long task per resource at a time, on every machine that shares the cache (SEC-04)."""

import uuid
from dataclasses import dataclass, field

from django.core.cache import cache


@dataclass(frozen=True)
class TaskLock:
    """Who holds the lock knows its token; nobody else renews or releases it.

    It expires by itself, so that a worker that dies blocks nobody for ever.
    """

    resource: str
    seconds: int
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    def acquire(self) -> bool:
        """Whether the lock was free and is ours now."""
        return cache.add(self._key, self.token, self.seconds)

    def renew(self) -> bool:
        """Whether the lock is still ours; its time starts anew."""
        return self._is_ours() and cache.touch(self._key, self.seconds)

    def release(self) -> None:
        """Frees the lock, unless it has expired and somebody else holds it now."""
        if self._is_ours():
            cache.delete(self._key)

    @property
    def _key(self) -> str:
        return f"task_lock:{self.resource}"

    def _is_ours(self) -> bool:
        return bool(cache.get(self._key) == self.token)
