"""The target's cache on a Redis that others may be using as well."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.cache.backends.redis import RedisCache
from django.utils.module_loading import import_string

MOST_PER_SCAN = 1000
# Options of a client that say where its server is and who may use it, or need more servers than one.
_OF_THE_SERVER = ("db", "password", "username", "ssl", "sentinel", "connection", "client_class", "pool")


class SharedCache:
    """What every such cache has: `clear` empties what has this cache's prefix, and not the whole database."""

    key_prefix: str

    def clear(self) -> Any:
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
        # Wherever a key function of the target's puts the prefix: no other cache has one like it.
        return self._server().scan_iter(match=f"*{self.key_prefix}:*", count=MOST_PER_SCAN)

    def _server(self) -> Any:
        if isinstance(self, RedisCache):
            return self._cache.get_client(None, write=True)
        return self.client.get_client(write=True)  # type: ignore[attr-defined]  # as django-redis names it


def shared_cache(location: Any, params: Mapping[str, Any]) -> Any:
    """The cache of an alias, as CACHES asks for it: of the target's own class where that is one for Redis.

    Args:
        params: an entry of CACHES; OWN holds the target's `backend` and its `options`.
    """
    given = {name: value for name, value in params.items() if name != "OWN"}
    own = params.get("OWN", {})
    kind = class_for(str(own.get("backend", "")))
    if kind is not _PLAIN:
        given["OPTIONS"] = {
            name: value
            for name, value in own["options"].items()
            if not name.lower().startswith(_OF_THE_SERVER)
        }
    cache = kind(location, given)
    if f"{cache.key_prefix}:" not in cache.make_key("key"):
        # Else what it holds could not be told from what others hold.
        given.pop("KEY_FUNCTION", None)
        cache = kind(location, given)
    return cache


@functools.cache
def class_for(backend: str) -> Any:
    """The class that stands in for a backend: the target's own with our `clear`, or Django's."""
    try:
        own = import_string(backend)
    except ImportError:
        return _PLAIN
    if not (isinstance(own, type) and _is_for_redis(own)):
        return _PLAIN
    return type(own.__name__, (SharedCache, own), {"__module__": own.__module__})


def keeps_own(backend: str) -> bool:
    """Whether a class of the target's stays on the Redis of a run."""
    return class_for(backend) is not _PLAIN


def _is_for_redis(kind: type) -> bool:
    return issubclass(kind, RedisCache) or any(
        above.__module__ == "django_redis.cache" for above in kind.__mro__
    )


class _Plain(SharedCache, RedisCache):
    """Django's own."""


_PLAIN = _Plain
