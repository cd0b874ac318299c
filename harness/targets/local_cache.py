"""Django's cache in local memory, with what the caches of django-redis offer beyond Django's."""

from __future__ import annotations

import fnmatch
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.core.cache.backends.locmem import LocMemCache

SECONDS_BETWEEN_TRIES = 0.05


class LocalCache(LocMemCache):
    """For a target whose own cache class is not one of Django's: its methods as django-redis documents them."""

    # Django's own, which its stubs leave out.
    _cache: dict[str, bytes]
    _expire_info: dict[str, float | None]
    _lock: Any
    _delete: Callable[[str], bool]
    _has_expired: Callable[[str], bool]

    def keys(self, search: str = "*", version: int | None = None) -> list[str]:
        """The keys that a pattern of Redis meets (`*`, `?`, `[ab]`), as the target wrote them."""
        return list(self.iter_keys(search, version=version))

    def iter_keys(
        self,
        search: str = "*",
        itersize: int | None = None,  # noqa: ARG002 -- there are no pages of memory
        version: int | None = None,
    ) -> Iterator[str]:
        """As `keys`, one by one."""
        before = self.make_key("", version)
        for key in self._meeting(self.make_key(search, version)):
            yield key.removeprefix(before)

    def delete_pattern(
        self,
        pattern: str,
        version: int | None = None,
        prefix: str | None = None,
        client: Any = None,  # noqa: ARG002 -- there is none
        itersize: int | None = None,  # noqa: ARG002 -- there are no pages of memory
    ) -> int:
        """Delete what the pattern meets; how many keys that were."""
        whole = self.make_key(pattern, version)
        if prefix is not None:
            number = self.version if version is None else version
            whole = self.key_func(pattern, prefix, number)
        found = self._meeting(whole)
        with self._lock:
            return sum(self._delete(key) for key in found)

    def ttl(self, key: str, version: int | None = None) -> int | None:
        """Seconds that a key has left: 0 where it is not there, None where it never expires."""
        left = self.pttl(key, version)
        return left if left is None else left // 1000

    def pttl(self, key: str, version: int | None = None) -> int | None:
        """As `ttl`, in milliseconds."""
        whole = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(whole):
                return 0
            until = self._expire_info[whole]
        return None if until is None else int((until - time.time()) * 1000)

    def expire(self, key: str, timeout: float, version: int | None = None) -> bool:
        """Let a key expire in so many seconds; whether it was there."""
        return bool(self.touch(key, timeout, version))

    def persist(self, key: str, version: int | None = None) -> bool:
        """Let a key never expire; whether it was there."""
        return bool(self.touch(key, None, version))

    def lock(
        self,
        key: str,
        version: int | None = None,
        timeout: float | None = None,
        sleep: float = SECONDS_BETWEEN_TRIES,
        blocking_timeout: float | None = None,
        **_further: Any,
    ) -> Lock:
        """A lock by name, to be used with `with` or by `acquire` and `release`."""
        return Lock(self, key, version, timeout, sleep, blocking_timeout)

    def _meeting(self, pattern: str) -> list[str]:
        with self._lock:
            return [
                key
                for key in list(self._cache)
                if fnmatch.fnmatchcase(key, pattern) and not self._has_expired(key)
            ]


class Lock:
    """Held by whoever stored its key.

    Args:
        timeout: seconds after which it is given up by itself; None for never.
        sleep: seconds between two tries.
        blocking_timeout: seconds to try; None for as long as it takes.
    """

    def __init__(
        self,
        cache: LocalCache,
        key: str,
        version: int | None,
        timeout: float | None,
        sleep: float,
        blocking_timeout: float | None,
    ) -> None:
        self._cache, self._key, self._version = cache, key, version
        self._timeout, self._sleep, self._blocking_timeout = timeout, sleep, blocking_timeout
        self._token = ""

    def acquire(self, *, blocking: bool = True, blocking_timeout: float | None = None) -> bool:
        """Whether it is held now."""
        token, began = uuid.uuid4().hex, time.monotonic()
        wanted = self._blocking_timeout if blocking_timeout is None else blocking_timeout
        while not self._cache.add(self._key, token, self._timeout, self._version):
            if not blocking or (wanted is not None and time.monotonic() - began >= wanted):
                return False
            time.sleep(self._sleep)
        self._token = token
        return True

    def locked(self) -> bool:
        """Whether anybody holds it."""
        return self._cache.has_key(self._key, self._version)

    def release(self) -> None:
        """Give it up.

        Raises:
            RuntimeError: it is not held, or was and has timed out.
        """
        if not self._token or self._cache.get(self._key, version=self._version) != self._token:
            raise RuntimeError(f"the lock {self._key!r} is not held any longer")
        self._token = ""
        self._cache.delete(self._key, self._version)

    def __enter__(self) -> Lock:
        if not self.acquire():
            raise RuntimeError(f"the lock {self._key!r} was not to be had within its time")
        return self

    def __exit__(self, *_raised: object) -> None:
        self.release()
