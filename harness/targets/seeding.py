"""Before a world is written into a real database: where that is, and whether it may be written to."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from coursegate.contracts.wrong_question import WrongQuestion

# Settings that stay as the overlay has them, although the database is the target's own: what they reach is neither
# the database nor what the deployment needs to notice that rows have changed.
REPLACED = frozenset(
    {
        "CELERY_BROKER_URL",
        "CELERY_RESULT_BACKEND",
        "CELERY_TASK_ALWAYS_EAGER",
        "CELERY_TASK_EAGER_PROPAGATES",
        "CHANNEL_LAYERS",
        "DEFAULT_FILE_STORAGE",
        "EMAIL_BACKEND",
        "LOGGING_CONFIG",
        "MEDIA_ROOT",
        "MIDDLEWARE",
        "STATIC_ROOT",
        "STATICFILES_STORAGE",
        "STORAGES",
    }
)
# Where libpq goes when the settings name no host.
_LIBPQ = ("PGSERVICE", "PGHOSTADDR", "PGHOST")


class MayNotWrite(WrongQuestion):
    """A database is on another machine, and nobody said that it may be written to (exit code 4)."""


def check_hosts(databases: Mapping[str, Mapping[str, Any]], allowed: Collection[str]) -> None:
    """Whether every database is on this machine, or on a host that was named.

    Raises:
        MayNotWrite: one is neither.
    """
    for alias, settings in databases.items():
        for host in _hosts(settings):
            if not _is_here(host) and host not in allowed:
                raise MayNotWrite(
                    f"the database {alias!r} is on {host}, not on this machine. "
                    f"If the world may be written there: --yes-write-to={host}"
                )


def place_of(settings: Mapping[str, Any]) -> str:
    """A database in words, without credentials."""
    engine = str(settings["ENGINE"]).rpartition(".")[2]
    where = ", ".join(filter(None, _hosts(settings)))
    return f"{engine} {settings['NAME']}" + (f" on {where}" if where else "")


def _hosts(settings: Mapping[str, Any]) -> Iterator[str]:
    """What the settings, or else the environment, name as the place of a database; nothing for a file."""
    if "sqlite" in str(settings["ENGINE"]):
        return
    options = settings.get("OPTIONS") or {}
    named = [str(options[key]) for key in ("service", "hostaddr", "host") if options.get(key)]
    named += [str(settings["HOST"])] if settings.get("HOST") else []
    if not named and "postgres" in str(settings["ENGINE"]):
        named = [os.environ[name] for name in _LIBPQ if os.environ.get(name)]
    for hosts in named or [""]:
        yield from hosts.split(",")


def _is_here(host: str) -> bool:
    """Whether a host is this machine: a loopback address, or the socket that an empty one or a path means."""
    if host in {"", "localhost"} or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
