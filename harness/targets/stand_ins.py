"""What stands in for a target's databases, caches, sessions and storages, setting by setting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursegate.harness.targets.ground import SHARED_CACHE
from coursegate.harness.targets.scratch_files import STAND_IN

SAME_DATABASE = "coursegate.harness.targets.same_database"
ROUTER = "coursegate.harness.targets.same_database.routing.OneDatabase"
LOCAL_CACHE = "coursegate.harness.targets.local_cache.LocalCache"
_DJANGO_CACHES, _SESSIONS = "django.core.cache.", "django.contrib.sessions.backends."
# What a team says of a cache besides where it is.
_KEPT_OF_CACHES = ("TIMEOUT", "KEY_PREFIX", "KEY_FUNCTION", "VERSION")


def databases(
    own: Mapping[str, Any], folder: Path | None, server: Mapping[str, Any] | None
) -> dict[str, Any]:
    """DATABASES: one database, and every further alias of the target's is a name of it.

    Args:
        folder: for a file; None for memory.
        server: the entry of a server that stands in its place.
    """
    said = own.get("DATABASES", {})
    place = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "file:coursegate_default?mode=memory&cache=shared"
        if folder is None
        else str(folder / "default.sqlite3"),
        # A thread that finds the file locked waits; the rest is set on the file itself when it is made.
        "OPTIONS": {"uri": True} if folder is None else {"timeout": 20},
    }
    atomic = said.get("default", {}).get("ATOMIC_REQUESTS", False)
    aliases = sorted({*said} - {"default"})
    return {
        "default": {**(place if server is None else server), "ATOMIC_REQUESTS": atomic},
        **{alias: {"ENGINE": SAME_DATABASE, "OPTIONS": {}} for alias in aliases},
    }


def caches(own: Mapping[str, Any], shared: Mapping[str, str] | None) -> dict[str, Any]:
    """CACHES: every alias of the target's, in local memory or on the Redis of the run."""
    said = {"default": {}, **own.get("CACHES", {})}
    return {
        alias: _cache(alias, said[alias]) if shared is None else _shared_cache(alias, said[alias], shared)
        for alias in sorted(said)
    }


def has_local_methods(own: Mapping[str, Any]) -> bool:
    """Whether a cache of the target's may have methods that no cache of Django's has."""
    return any(not _is_djangos(said) for said in own.get("CACHES", {}).values())


def _is_djangos(said: Mapping[str, Any]) -> bool:
    return str(said.get("BACKEND", _DJANGO_CACHES)).startswith(_DJANGO_CACHES)


def _cache(alias: str, said: Mapping[str, Any]) -> dict[str, Any]:
    # What fails with a cache of Django's in production is to fail here as well.
    backend = f"{_DJANGO_CACHES}backends.locmem.LocMemCache" if _is_djangos(said) else LOCAL_CACHE
    return {"BACKEND": backend, "LOCATION": f"coursegate-{alias}", **_kept_of(said)}


def _shared_cache(alias: str, said: Mapping[str, Any], shared: Mapping[str, str]) -> dict[str, Any]:
    prefix = f"{shared['prefix']}-{alias}"
    return {
        **_kept_of(said),
        "BACKEND": SHARED_CACHE,
        "LOCATION": shared["url"],
        "KEY_PREFIX": f"{prefix}-{said['KEY_PREFIX']}" if said.get("KEY_PREFIX") else prefix,
        "OWN": {"backend": said.get("BACKEND", ""), "options": said.get("OPTIONS") or {}},
    }


def _kept_of(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in _KEPT_OF_CACHES if name in said}


def session_engine(own: Mapping[str, Any]) -> str:
    """SESSION_ENGINE: the target's own where it is one of Django's, as what they store in is replaced; else the database."""
    said = str(own.get("SESSION_ENGINE", f"{_SESSIONS}db"))
    if said.startswith(_SESSIONS):
        return said
    return f"{_SESSIONS}{'db' if _has_session_table(own) else 'cache'}"


def _has_session_table(own: Mapping[str, Any]) -> bool:
    return any(str(app).startswith("django.contrib.sessions") for app in own.get("INSTALLED_APPS", []))


def storages(own: Mapping[str, Any], scratch: Path) -> dict[str, Any]:
    """STORAGES: every alias of the target's, each in a folder of its own; its own classes where they store in folders."""
    said = own.get("STORAGES", {})
    plain = "django.core.files.storage.FileSystemStorage"
    old = own.get("DEFAULT_FILE_STORAGE") or plain
    entries = {"default": {"BACKEND": old}, **{name: said[name] for name in said if name != "staticfiles"}}
    found: dict[str, Any] = {
        alias: {
            "BACKEND": STAND_IN,
            "OPTIONS": {
                "own": entry.get("BACKEND", plain),
                "folder": str(scratch / ("media_root" if alias == "default" else f"storage-{alias}")),
                "options": dict(entry.get("OPTIONS") or {}),
            },
        }
        for alias, entry in entries.items()
    }
    found["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return found
