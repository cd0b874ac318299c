"""What the gate replaces in a target's settings, and why. Nothing else differs from what the team wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coursegate.harness.targets.ground import SHARED_CACHE

DEBUG_TOOLS = ("debug_toolbar", "silk", "django_browser_reload", "nplusone")
# High enough for every request of a run, and still a rate that DRF can parse.
AMPLE_RATE = "1000000/min"


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


class WithoutMigrations:
    """A MIGRATION_MODULES under which every app's tables are made from its models as they are today."""

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
        _databases(own, scratch if on_disk else None, ground.get("database")),
        "PostgreSQL"
        if "database" in ground
        else "SQLite in a temporary folder"
        if on_disk
        else "SQLite in memory",
        "a database of the run's own, none of the target's is touched",
    )
    put("DATABASE_ROUTERS", [], "none", "one database holds the whole world")
    put(
        "MIGRATION_MODULES",
        WithoutMigrations(),
        "tables from the models",
        "stale or absent migrations do not stop the run",
    )
    put(
        "CACHES",
        _caches(own, ground.get("cache")),
        "Redis" if "cache" in ground else "local memory",
        "a cache of the run's own, which it can clear",
    )
    put(
        "SESSION_ENGINE",
        "django.contrib.sessions.backends.db",
        "database",
        "sessions live and end with the run",
    )
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
    put("STORAGES", _storages(scratch), "a temporary folder", "nothing is written into the target")
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
        # What a throttle of the target's own reads besides DRF's table of rates.
        if setting.endswith("_THROTTLE_RATE"):
            scope = setting.removesuffix("_THROTTLE_RATE").lower()
            rate = ground.get("rates", {}).get(scope, AMPLE_RATE)
            put(setting, rate, rate, "a refusal by rate would hide what is judged here")
    return changed, listed


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


def _databases(
    own: Mapping[str, Any], folder: Path | None, server: Mapping[str, Any] | None
) -> dict[str, Any]:
    aliases = {"default", *own.get("DATABASES", {})}
    return {
        alias: {
            **server,
            "ATOMIC_REQUESTS": own.get("DATABASES", {}).get(alias, {}).get("ATOMIC_REQUESTS", False),
        }
        if server is not None
        else {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"file:coursegate_{alias}?mode=memory&cache=shared"
            if folder is None
            else str(folder / f"{alias}.sqlite3"),
            # A thread that finds the file locked waits; the rest is set on the file itself when it is made.
            "OPTIONS": {"uri": True} if folder is None else {"timeout": 20},
            "ATOMIC_REQUESTS": own.get("DATABASES", {}).get(alias, {}).get("ATOMIC_REQUESTS", False),
        }
        for alias in sorted(aliases)
    }


def _caches(own: Mapping[str, Any], shared: Mapping[str, str] | None) -> dict[str, Any]:
    aliases = {"default", *own.get("CACHES", {})}
    if shared is not None:
        return {
            alias: {
                "BACKEND": SHARED_CACHE,
                "LOCATION": shared["url"],
                "KEY_PREFIX": f"{shared['prefix']}-{alias}",
            }
            for alias in sorted(aliases)
        }
    backend = "django.core.cache.backends.locmem.LocMemCache"
    return {alias: {"BACKEND": backend, "LOCATION": f"coursegate-{alias}"} for alias in sorted(aliases)}


def _storages(scratch: Path) -> dict[str, Any]:
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(scratch / "media_root")},
    }
    return {
        "default": files,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _without_debug_tools(own: Mapping[str, Any], put: Any) -> None:
    for setting in ("INSTALLED_APPS", "MIDDLEWARE"):
        entries = list(own.get(setting, []))
        kept = [entry for entry in entries if not entry.startswith(DEBUG_TOOLS)]
        if kept != entries:
            put(
                setting,
                kept,
                f"without {', '.join(sorted(set(entries) - set(kept)))}",
                "debug tools change answers",
            )
