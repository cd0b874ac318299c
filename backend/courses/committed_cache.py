"""A cache for answers made of committed rows: in groups that are forgotten as a whole, or one by one.

Inside a transaction nothing is read from it or put there: what is seen then may never be committed.
"""

import uuid
from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache
from django.db import transaction

Answer = TypeVar("Answer")
MISSING = "missing"
# Stands where one answer was forgotten, longer than any request that read the old rows takes.
FORGOTTEN = "forgotten"
FORGOTTEN_TIMEOUT = 60


def remember(group: str, key: str, timeout: int, compute: Callable[[], Answer]) -> Answer:
    """The answer stored since the group was last forgotten; else `compute()`, kept for `timeout` seconds."""
    if transaction.get_connection().in_atomic_block:
        return compute()
    # The generation is read before the rows: whoever writes meanwhile starts a new one.
    generation = cache.get_or_set(_generation_key(group), _new_generation, timeout=None)
    full_key = f"{group}:{generation}:{key}"
    found = cache.get(full_key, MISSING)
    if found != MISSING:
        return cast(Answer, found)
    answer = compute()
    cache.set(full_key, answer, timeout)
    return answer


def forget(group: str) -> None:
    """Forgets every answer of the group, also one that is being computed right now."""
    cache.set(_generation_key(group), _new_generation(), timeout=None)


def remember_one(key: str, timeout: int, compute: Callable[[], Answer | None]) -> Answer | None:
    """The answer stored under the key; else `compute()`, kept for `timeout` seconds unless it is None."""
    if transaction.get_connection().in_atomic_block:
        return compute()
    found = cache.get(key)
    if found is not None and found != FORGOTTEN:
        return cast(Answer, found)
    answer = compute()
    if answer is not None:
        # Never over FORGOTTEN: these rows may be older than the write that left it.
        cache.add(key, answer, timeout)
    return answer


def forget_one(key: str) -> None:
    """Forgets one answer, also one that is being computed right now."""
    cache.set(key, FORGOTTEN, FORGOTTEN_TIMEOUT)


def _generation_key(group: str) -> str:
    return f"generation:{group}"


def _new_generation() -> str:
    return uuid.uuid4().hex
