"""What the gate replaces in a target's settings, and why. Nothing else differs from what the team wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coursegate.harness.targets import stand_ins
from coursegate.harness.targets.queues import OTHER_QUEUES

DEBUG_TOOLS = ("debug_toolbar", "silk", "django_browser_reload", "nplusone")
# High enough for every request of a run, and still a rate that DRF can parse.
AMPLE_RATE = "1000000/min"
LONG_ENOUGH = timedelta(hours=12)  # for a run on a slow machine
SIMPLE_JWT = "rest_framework_simplejwt"
METHODS_OF_REDIS = (
    ", with the methods of django-redis: delete_pattern, keys, iter_keys, ttl, pttl, expire, persist, lock"
)

# What is replaced although the settings are to stay as they are: it reaches others, or writes into the checkout. The gate
# empties caches, too: a server of the team's must not be among them.
REPLACED_EVEN_SO = frozenset(
    {
        "CACHES",
        "CELERY_BROKER_URL",
        "CELERY_RESULT_BACKEND",
        "CELERY_TASK_ALWAYS_EAGER",
        "DATABASES",
        "DATABASE_ROUTERS",
        "DEFAULT_FILE_STORAGE",
        "EMAIL_BACKEND",
        "LOGGING_CONFIG",
        "MEDIA_ROOT",
        "STATICFILES_STORAGE",
        "SESSION_FILE_PATH",
        "STATIC_ROOT",
        "STORAGES",
    }
)


@dataclass(frozen=True)
class Replacement:
    """One setting of the overlay, for the report; values that could hold a secret are not shown."""

    setting: str
    now: str
    reason: str


class WithoutMigrations(dict[str, None]):
    """A MIGRATION_MODULES under which every app's tables are made from its models as they are today.

    A dict, as apps add entries of their own to it while they start.
    """

    def __contains__(self, _label: object) -> bool:
        return True

    def __getitem__(self, _label: str) -> None:
        return None

    def __bool__(self) -> bool:
        return True


def overlay(
    own: Mapping[str, Any],
    scratch: Path,
    *,
    on_disk: bool = False,
    ground: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[dict[str, Any], list[Replacement]]:
    """The settings to put over a target's own ones, and the list of them for the report.

    Args:
        own: the target's settings by name.
        scratch: a folder of the gate's for files that the target writes.
        on_disk: keep the database there as well, so that threads can share it.
        ground: what stands in place of SQLite and local memory (see `ground.announced`).
    """
    changed: dict[str, Any] = {}
    listed: list[Replacement] = []

    def put(setting: str, value: Any, now: str, reason: str) -> None:
        changed[setting] = value
        listed.append(Replacement(setting, now, reason))

    put(
        "DATABASES",
        stand_ins.databases(own, scratch if on_disk else None, ground.get("database")),
        "PostgreSQL"
        if "database" in ground
        else "SQLite in a temporary folder"
        if on_disk
        else "SQLite in memory",
        "a database of the run's own, none of the target's is touched",
    )
    put("DATABASE_ROUTERS", [stand_ins.ROUTER], "none", "one database holds the whole world, by every alias")
    put(
        "MIGRATION_MODULES",
        WithoutMigrations(),
        "tables from the models",
        "stale or absent migrations do not stop the run",
    )
    put(
        "CACHES",
        stand_ins.caches(own, ground.get("cache")),
        "Redis"
        if "cache" in ground
        else f"local memory{METHODS_OF_REDIS * stand_ins.has_local_methods(own)}",
        "a cache of the run's own, which it can clear",
    )
    _put_sessions(own, scratch, put)
    _put_lifetime(own, put)
    put(
        "PASSWORD_HASHERS",
        ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "MD5",
        "hashing is not what is judged, and slow",
    )
    put(
        "EMAIL_BACKEND",
        "django.core.mail.backends.locmem.EmailBackend",
        "memory",
        "no mail leaves the machine",
    )
    _put_queue(own, ground.get("broker", ""), put)
    put("ALLOWED_HOSTS", ["*"], "['*']", "the gate's own host name is accepted")
    for setting in ("SECURE_SSL_REDIRECT", "PREPEND_WWW"):
        put(setting, False, "False", "requests are answered, not redirected")
    put("DEBUG", False, "False", "answers are those of production")
    put("LOGGING_CONFIG", None, "None", "no log file is opened inside the target")
    for setting in ("MEDIA_ROOT", "STATIC_ROOT"):
        put(
            setting,
            str(scratch / setting.lower()),
            "a temporary folder",
            "nothing is written into the target",
        )
    put(
        "STORAGES",
        stand_ins.storages(own, scratch),
        "temporary folders",
        "nothing is written into the target",
    )
    for setting in ("DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE"):
        if setting in own:
            put(setting, None, "removed", "STORAGES replaces it")
    _without_debug_tools(own, put)
    if rates := own.get("REST_FRAMEWORK", {}).get("DEFAULT_THROTTLE_RATES"):
        raised = {scope: ground.get("rates", {}).get(scope, AMPLE_RATE) for scope in rates}
        ample = own["REST_FRAMEWORK"] | {"DEFAULT_THROTTLE_RATES": raised}
        put(
            "REST_FRAMEWORK",
            ample,
            "throttle rates raised",
            "a refusal by rate would hide what is judged here",
        )
    for setting in sorted(own):
        # What a throttle of the target's own reads besides DRF's table of rates; a number is a budget of something else.
        if setting.endswith("_THROTTLE_RATE") and isinstance(own[setting], str) and "/" in own[setting]:
            scope = setting.removesuffix("_THROTTLE_RATE").lower()
            rate = ground.get("rates", {}).get(scope, AMPLE_RATE)
            put(setting, rate, rate, "a refusal by rate would hide what is judged here")
    return changed, listed


def _put_sessions(own: Mapping[str, Any], scratch: Path, put: Any) -> None:
    engine = stand_ins.session_engine(own)
    put(
        "SESSION_ENGINE",
        engine,
        engine.rpartition(".")[2],
        "sessions live and end with the run, in its database, cache or folder",
    )
    if engine.endswith(".file"):
        put("SESSION_FILE_PATH", str(scratch), "a temporary folder", "nothing is written into the target")


def _put_lifetime(own: Mapping[str, Any], put: Any) -> None:
    jwt = own.get("SIMPLE_JWT", {})
    lifetime = jwt.get("ACCESS_TOKEN_LIFETIME", timedelta(minutes=5))  # what the library says by itself
    if ("SIMPLE_JWT" in own or SIMPLE_JWT in repr(own.get("REST_FRAMEWORK"))) and lifetime < LONG_ENOUGH:
        told = f"access tokens last {LONG_ENOUGH.total_seconds() / 3600:g} hours"
        put(
            "SIMPLE_JWT",
            {**jwt, "ACCESS_TOKEN_LIFETIME": LONG_ENOUGH},
            told,
            "accounts sign in once, and a run may take longer than a token lasts",
        )


def notes_on_queues(own: Mapping[str, Any]) -> list[Replacement]:
    """The queues of a target's that are not replaced, for the list of what is."""
    return [
        Replacement(
            name, "the target's own", f"tasks of {queue} go where it says: mind that it is not in use"
        )
        for name, queue in OTHER_QUEUES.items()
        if own.get(name)
    ]


def _put_queue(own: Mapping[str, Any], broker: str, put: Any) -> None:
    """Tasks and channels: at once and in memory, or through a broker that processes share."""
    if broker:
        told = "a broker of the run's own"
        put("CELERY_TASK_ALWAYS_EAGER", False, "False", "a worker does the tasks")
        put("CELERY_BROKER_URL", broker, "Redis", told)
        put("CELERY_RESULT_BACKEND", broker, "Redis", told)
        if "REDIS_URL" in own:
            # What a target asks by itself, such as for a lock.
            put("REDIS_URL", broker, "Redis", "a Redis of the run's own")
    else:
        put("CELERY_TASK_ALWAYS_EAGER", True, "True", "tasks run at once, without a broker")
        put("CELERY_TASK_EAGER_PROPAGATES", True, "True", "a task that fails is seen")
        put("CELERY_BROKER_URL", "memory://", "memory", "no broker is needed")
        put("CELERY_RESULT_BACKEND", "cache+memory://", "memory", "no broker is needed")
    if "CHANNEL_LAYERS" in own:
        # Pages and requests are served by one process wherever pages are asked about.
        layer = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
        put("CHANNEL_LAYERS", layer, "memory", "no Redis is needed")


def _without_debug_tools(own: Mapping[str, Any], put: Any) -> None:
    """Their apps stay: a URLconf may include their URLs, which need their models."""
    entries = list(own.get("MIDDLEWARE", []))
    kept = [entry for entry in entries if not entry.startswith(DEBUG_TOOLS)]
    if kept != entries:
        put(
            "MIDDLEWARE",
            kept,
            f"without {', '.join(sorted(set(entries) - set(kept)))}",
            "debug tools change answers",
        )
