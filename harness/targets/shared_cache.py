"""Django's cache on a Redis that others may be using as well."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache.backends.redis import RedisCache

MOST_PER_SCAN = 1000


class SharedCache(RedisCache):
    """Django's own, but that `clear` empties what has this cache's prefix, and not the whole database."""

    def clear(self) -> bool:  # type: ignore[override]  # what Django's own returns as well
        client, keys = self._server(), list(self._keys())
        if keys:
            client.delete(*keys)
        return True

    def age(self, passes: timedelta) -> None:
        """Let everything in it expire so much sooner: the server's clock is not the gate's to set."""
        client, milliseconds = self._server(), int(passes.total_seconds() * 1000)
        for key in self._keys():
            left = client.pttl(key)
            if left >= 0:
                client.pexpire(key, max(1, left - milliseconds)) if left > milliseconds else client.delete(
                    key
                )

    def _keys(self) -> Any:
        return self._server().scan_iter(match=f"{self.key_prefix}:*", count=MOST_PER_SCAN)

    def _server(self) -> Any:
        return self._cache.get_client(None, write=True)
