"""The overlay replaces what needs services or writes into the target, and lists every bit of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coursegate.harness.targets.overlay import AMPLE_RATE, LONG_ENOUGH, SIMPLE_JWT, notes_on_queues, overlay
from coursegate.harness.targets.stand_ins import LOCAL_CACHE, SAME_DATABASE

DJANGOS_REDIS = "django.core.cache.backends.redis.RedisCache"
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
        "replica": SAME_DATABASE,
    }
    assert changed["DATABASES"]["default"]["ATOMIC_REQUESTS"] is True
    assert set(changed["CACHES"]) == {"default", "sessions"}


def test_a_ground_of_real_services_is_put_in(tmp_path: Path) -> None:
    """The database is on the server of the run, with the target's own ATOMIC_REQUESTS; each cache has a prefix of its own."""
    server = {"ENGINE": "django.db.backends.postgresql", "NAME": "coursegate_1"}
    ground = {"database": server, "cache": {"url": "redis://127.0.0.1/0", "prefix": "run"}}

    changed, listed = overlay(OWN, tmp_path, ground=ground)

    assert changed["DATABASES"]["default"] == {**server, "ATOMIC_REQUESTS": True}
    assert changed["DATABASES"]["replica"]["ENGINE"] == SAME_DATABASE
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
    """Debug tools see no request, but their apps are there for URLs; rates are raised, the rest stays."""
    changed, _ = overlay(OWN, tmp_path)

    assert "INSTALLED_APPS" not in changed
    assert (
        changed["MIGRATION_MODULES"].setdefault("debug_toolbar", None) is None
    )  # as the app does while it starts
    assert changed["MIDDLEWARE"] == ["a.B"]
    assert changed["REST_FRAMEWORK"] == {"PAGE_SIZE": 5, "DEFAULT_THROTTLE_RATES": {"anon": AMPLE_RATE}}
    assert changed["SECURE_SSL_REDIRECT"] is False


@pytest.mark.parametrize(
    ("own", "lasts"),
    [
        ({"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": timedelta(minutes=5), "LEEWAY": 3}}, LONG_ENOUGH),
        ({"SIMPLE_JWT": {"LEEWAY": 3}}, LONG_ENOUGH),
        ({"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": timedelta(days=2), "LEEWAY": 3}}, None),
        (
            {"REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": [f"{SIMPLE_JWT}.authentication.A"]}},
            LONG_ENOUGH,
        ),
        ({}, None),
    ],
)
def test_tokens_outlast_the_run(tmp_path: Path, own: dict[str, Any], lasts: timedelta | None) -> None:
    """An access token is good for a run of hours; what else is said of tokens stays, and what lasts longer, too."""
    changed = overlay(own, tmp_path)[0].get("SIMPLE_JWT", {})

    assert changed.get("ACCESS_TOKEN_LIFETIME") == lasts
    if lasts and "SIMPLE_JWT" in own:
        assert changed["LEEWAY"] == 3


@pytest.mark.parametrize("budget", [50, (3, 60), "50", None], ids=repr)
def test_a_budget_that_is_no_rate_stays(tmp_path: Path, budget: object) -> None:
    """Only a text such as "100/hour" is a rate; a number by a similar name is compared with numbers."""
    changed, _ = overlay({"SIGN_IN_THROTTLE_RATE": budget, "LOGIN_THROTTLE_RATE": "5/min"}, tmp_path)

    assert "SIGN_IN_THROTTLE_RATE" not in changed
    assert changed["LOGIN_THROTTLE_RATE"] == AMPLE_RATE


def test_a_cache_keeps_what_the_team_says_of_its_keys(tmp_path: Path) -> None:
    """Where a cache is changes; how long and by what keys it holds things does not."""
    said = {"TIMEOUT": 7, "KEY_FUNCTION": "a.b", "KEY_PREFIX": "shop", "VERSION": 3}
    own = {"CACHES": {"default": {"BACKEND": "shop.caching.Cache", "LOCATION": "redis://shop", **said}}}

    local, listed = overlay(own, tmp_path)
    shared, _ = overlay(own, tmp_path, ground={"cache": {"url": "redis://127.0.0.1/0", "prefix": "run"}})

    assert local["CACHES"]["default"] == {"BACKEND": LOCAL_CACHE, "LOCATION": "coursegate-default", **said}
    assert "delete_pattern" in next(item.now for item in listed if item.setting == "CACHES")
    assert shared["CACHES"]["default"] | said == shared["CACHES"]["default"] | {"KEY_PREFIX": "shop"}
    assert shared["CACHES"]["default"]["KEY_PREFIX"] == "run-default-shop"
    assert shared["CACHES"]["default"]["LOCATION"] == "redis://127.0.0.1/0"


def test_djangos_own_caches_get_no_further_methods(tmp_path: Path) -> None:
    """What Django's cache in production would not do is not done here either."""
    changed, _ = overlay({"CACHES": {"default": {"BACKEND": DJANGOS_REDIS}}}, tmp_path)

    assert changed["CACHES"]["default"]["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"


SESSIONS = "django.contrib.sessions.backends."
ENGINES = [
    ({}, "db"),
    *(
        ({"SESSION_ENGINE": SESSIONS + kind}, kind)
        for kind in ("cache", "cached_db", "signed_cookies", "file")
    ),
    ({"SESSION_ENGINE": "redis_sessions.session"}, "cache"),
    (
        {"SESSION_ENGINE": "redis_sessions.session", "INSTALLED_APPS": ["django.contrib.sessions"]},
        "db",
    ),
]


@pytest.mark.parametrize(("own", "kind"), ENGINES)
def test_sessions_live_where_they_do_in_production(tmp_path: Path, own: dict[str, Any], kind: str) -> None:
    """Django's own engines stay, as cache, database and folder are the run's; others need no service and no table."""
    changed, _ = overlay(own, tmp_path)

    assert changed["SESSION_ENGINE"] == SESSIONS + kind
    assert changed.get("SESSION_FILE_PATH") == (str(tmp_path) if kind == "file" else None)


def test_every_storage_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """An alias of the target's stays one; whatever it named, files go below the scratch folder."""
    own = {"STORAGES": {"default": {"BACKEND": "s3.Storage"}, "protected": {"BACKEND": "s3.Storage"}}}

    storages = overlay(own, tmp_path)[0]["STORAGES"]

    folders = {storages[alias]["OPTIONS"]["folder"] for alias in ("default", "protected")}
    assert folders == {str(tmp_path / "media_root"), str(tmp_path / "storage-protected")}
    assert set(storages) == {"default", "protected", "staticfiles"}


def test_queues_that_are_not_replaced_are_told() -> None:
    """A queue of another library than Celery is named, without what its settings hold."""
    told = notes_on_queues({"RQ_QUEUES": {"default": {"PASSWORD": "s3cret"}}, "HUEY": None})

    assert [item.setting for item in told] == ["RQ_QUEUES"]
    assert "s3cret" not in repr(told)


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
