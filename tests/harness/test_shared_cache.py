"""On the Redis of a run a target's own cache class stays what it is, but that it empties no more than is its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache

from coursegate.harness.targets.shared_cache import SharedCache, class_for, keeps_own, shared_cache

OWN = f"{__name__}.PatternCache"
SERIALIZER = "django.core.cache.backends.redis.RedisSerializer"
ENTRY = {"KEY_PREFIX": "run-default", "TIMEOUT": 7}


class Server:
    """A client of Redis that has some keys."""

    def __init__(self, *keys: str) -> None:
        self.held = set(keys)

    def scan_iter(self, match: str, count: int) -> list[str]:  # noqa: ARG002 -- as the client has it
        return [key for key in sorted(self.held) if match.strip("*") in key]

    def delete(self, *keys: str) -> None:
        self.held -= set(keys)


class PatternCache(RedisCache):
    """A class of the target's."""

    made_with: ClassVar[list[Any]] = []

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        self.made_with.append(dict(params.get("OPTIONS", {})))
        super().__init__(server, params)

    def delete_pattern(self, pattern: str) -> str:
        return self.make_key(pattern)


def _made(backend: str, **entry: Any) -> Any:
    options = {"password": "s3cret", "db": 4, "serializer": SERIALIZER}
    return shared_cache(
        "redis://127.0.0.1:1/0", {**ENTRY, "OWN": {"backend": backend, "options": options}, **entry}
    )


def test_the_targets_own_class_stays() -> None:
    """Its methods are there, with the prefix of the run; of its options what is about another server is left out."""
    cache = _made(OWN)

    assert keeps_own(OWN)
    assert isinstance(cache, PatternCache)
    assert isinstance(cache, SharedCache)
    assert cache.delete_pattern("a:*") == "run-default:1:a:*"
    assert cache.default_timeout == 7
    assert PatternCache.made_with[-1] == {"serializer": SERIALIZER}


def test_only_its_own_keys_are_emptied() -> None:
    """What others keep on the same server stays there."""
    server = Server("run-default:1:a", "run-other:1:a", "shop")
    cache = _made(OWN)
    cache._cache.get_client = lambda *_key, **_how: server

    cache.clear()

    assert server.held == {"run-other:1:a", "shop"}


def test_other_classes_give_way_to_djangos() -> None:
    """A class that is not one for Redis, or cannot be imported, is Django's own on the Redis of the run."""
    for backend in ("django.core.cache.backends.locmem.LocMemCache", "nowhere.Cache", ""):
        assert not keeps_own(backend)
        assert class_for(backend).__mro__[1:3] == (SharedCache, RedisCache)


def test_a_key_function_stays_while_its_keys_can_be_told() -> None:
    """One that leaves the prefix out would mix this run's keys with others'."""
    assert _made(OWN, KEY_FUNCTION=_marked).make_key("a") == "v1/run-default:a"
    assert _made(OWN, KEY_FUNCTION=_bare).make_key("a") == "run-default:1:a"


def _marked(key: str, prefix: str, version: int) -> str:
    return f"v{version}/{prefix}:{key}"


def _bare(key: str, _prefix: str, _version: int) -> str:
    return key
