"""The overlay replaces what needs services or writes into the target, and lists every bit of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coursegate.harness.targets.overlay import AMPLE_RATE, overlay

OWN: dict[str, Any] = {
    "DATABASES": {
        "default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "s3cret", "ATOMIC_REQUESTS": True},
        "replica": {"ENGINE": "django.db.backends.postgresql"},
    },
    "CACHES": {"default": {"BACKEND": "django_redis.cache.RedisCache"}, "sessions": {}},
    "INSTALLED_APPS": ["courses", "debug_toolbar"],
    "MIDDLEWARE": ["debug_toolbar.middleware.DebugToolbarMiddleware", "a.B"],
    "REST_FRAMEWORK": {"PAGE_SIZE": 5, "DEFAULT_THROTTLE_RATES": {"anon": "100/day"}},
    "SECURE_SSL_REDIRECT": True,
    "API_VERSION": "7.1.0",
}


def test_services_are_replaced(tmp_path: Path) -> None:
    """Databases and caches of every alias become local; how requests use them stays as the team set it."""
    changed, _ = overlay(OWN, tmp_path)

    assert {alias: database["ENGINE"] for alias, database in changed["DATABASES"].items()} == {
        "default": "django.db.backends.sqlite3",
        "replica": "django.db.backends.sqlite3",
    }
    assert changed["DATABASES"]["default"]["ATOMIC_REQUESTS"] is True
    assert set(changed["CACHES"]) == {"default", "sessions"}


def test_a_ground_of_real_services_is_put_in(tmp_path: Path) -> None:
    """Every alias is on the server of the run, with the target's own ATOMIC_REQUESTS; each cache has a prefix of its own."""
    server = {"ENGINE": "django.db.backends.postgresql", "NAME": "coursegate_1"}
    ground = {"database": server, "cache": {"url": "redis://127.0.0.1/0", "prefix": "run"}}

    changed, listed = overlay(OWN, tmp_path, ground=ground)

    assert changed["DATABASES"]["default"] == {**server, "ATOMIC_REQUESTS": True}
    assert changed["DATABASES"]["replica"]["NAME"] == "coursegate_1"
    assert {alias: cache["KEY_PREFIX"] for alias, cache in changed["CACHES"].items()} == {
        "default": "run-default",
        "sessions": "run-sessions",
    }
    now = {item.setting: item.now for item in listed}
    assert (now["DATABASES"], now["CACHES"]) == ("PostgreSQL", "Redis")


def test_a_redis_of_ones_own_is_named_where_processes_share_one(tmp_path: Path) -> None:
    """REDIS_URL, where a target has one, names the Redis that its processes share; in one process it stays as it is."""
    own = {**OWN, "REDIS_URL": "redis://cache.example/0"}

    assert (
        overlay(own, tmp_path, ground={"broker": "redis://127.0.0.1/0"})[0]["REDIS_URL"]
        == "redis://127.0.0.1/0"
    )
    assert "REDIS_URL" not in overlay(own, tmp_path)[0]
    assert "REDIS_URL" not in overlay(OWN, tmp_path, ground={"broker": "redis://127.0.0.1/0"})[0]


def test_debug_tools_and_rates_are_replaced(tmp_path: Path) -> None:
    """Debug tools are taken out, rates raised; the rest of those settings stays."""
    changed, _ = overlay(OWN, tmp_path)

    assert changed["INSTALLED_APPS"] == ["courses"]
    assert changed["MIDDLEWARE"] == ["a.B"]
    assert changed["REST_FRAMEWORK"] == {"PAGE_SIZE": 5, "DEFAULT_THROTTLE_RATES": {"anon": AMPLE_RATE}}
    assert changed["SECURE_SSL_REDIRECT"] is False


def test_everything_replaced_is_listed_without_secrets(tmp_path: Path) -> None:
    """The report's list names exactly what was replaced, and never shows what stood there."""
    changed, listed = overlay(OWN, tmp_path)

    assert {item.setting for item in listed} == set(changed)
    assert "s3cret" not in repr(listed)
    assert "API_VERSION" not in changed


def test_the_teams_own_settings_are_not_touched(tmp_path: Path) -> None:
    """The overlay is a new mapping; the settings it was made from keep their values."""
    before = repr(OWN)

    overlay(OWN, tmp_path)

    assert repr(OWN) == before
