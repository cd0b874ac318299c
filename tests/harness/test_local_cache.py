"""The cache that stands in for django-redis answers as its documentation says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from coursegate.harness.targets.local_cache import LocalCache


@pytest.fixture
def cache() -> Iterator[LocalCache]:
    made = LocalCache(uuid.uuid4().hex, {"KEY_PREFIX": "shop"})
    made.set_many({"catalogue:1": 1, "catalogue:2": 2, "basket:1": 3})
    yield made
    made.clear()


def test_a_pattern_deletes_what_it_meets(cache: LocalCache) -> None:
    """Keys that meet the pattern go, the others stay, and their number is told."""
    assert cache.delete_pattern("catalogue:*") == 2
    assert cache.keys("*") == ["basket:1"]
    assert cache.delete_pattern("catalogue:*") == 0


def test_a_pattern_meets_only_its_version_and_prefix(cache: LocalCache) -> None:
    """Keys of another version or prefix are others' keys."""
    cache.set("catalogue:1", 1, version=2)

    assert cache.delete_pattern("*", version=2) == 1
    assert cache.delete_pattern("*", prefix="elsewhere") == 0
    assert sorted(cache.iter_keys("catalogue:?")) == ["catalogue:1", "catalogue:2"]


def test_time_left_is_told(cache: LocalCache) -> None:
    """0 for a key that is not there, None for one that never expires."""
    with time_machine.travel("2026-01-01", tick=False) as clock:
        cache.set("mail", 1, timeout=10)
        cache.persist("basket:1")
        assert (cache.ttl("mail"), cache.pttl("mail"), cache.ttl("none")) == (10, 10_000, 0)
        assert cache.ttl("basket:1") is None
        assert cache.expire("basket:1", 5)
        clock.shift(timedelta(seconds=6))

        assert (cache.ttl("mail"), cache.ttl("basket:1")) == (4, 0)


def test_a_lock_is_held_by_one(cache: LocalCache) -> None:
    """While one holds it another does not get it; given up, or after its time, it is to be had again."""
    first, second = cache.lock("order"), cache.lock("order", blocking_timeout=0)

    with first:
        assert first.locked()
        assert not second.acquire()
        with pytest.raises(RuntimeError, match="was not to be had"), second:
            pass
    with second:
        assert not first.acquire(blocking=False)


def test_a_lock_that_has_timed_out_is_not_released(cache: LocalCache) -> None:
    """Whoever holds it by then keeps it."""
    with time_machine.travel("2026-01-01", tick=False) as clock:
        late = cache.lock("order", timeout=3)
        late.acquire()
        clock.shift(timedelta(seconds=4))
        with cache.lock("order") as next_one:
            with pytest.raises(RuntimeError, match="not held"):
                late.release()
            assert next_one.locked()
