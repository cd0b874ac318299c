"""A world is written only into a database on this machine, or on a host that was named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursegate.harness.targets.overlay import overlay
from coursegate.harness.targets.seeding import REPLACED, MayNotWrite, check_hosts, place_of

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/db.sqlite3"}


def _postgres(**settings: Any) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "PASSWORD": "s3cret", **settings}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)


HERE = ("", "localhost", "127.0.0.1", "127.8.8.8", "::1", "/var/run/postgresql", "localhost,::1")


@pytest.mark.parametrize("host", HERE)
def test_this_machine_may_be_written_to(host: str) -> None:
    """Loopback addresses, sockets and files are this machine."""
    check_hosts({"default": _postgres(HOST=host), "files": SQLITE}, [])


ELSEWHERE: list[dict[str, Any]] = [
    {"HOST": "db.example.test"},
    {"HOST": "localhost,db.example.test"},
    {"HOST": "localhost", "OPTIONS": {"hostaddr": "db.example.test"}},
    {"OPTIONS": {"service": "db.example.test"}},
]


@pytest.mark.parametrize("settings", ELSEWHERE)
def test_another_machine_must_be_named(settings: dict[str, Any]) -> None:
    """Wherever the settings name another host, it is refused until it is named."""
    databases = {"default": SQLITE, "replica": _postgres(**settings)}

    with pytest.raises(MayNotWrite, match=r"'replica' is on db\.example\.test"):
        check_hosts(databases, ["other.example.test"])
    check_hosts(databases, ["db.example.test"])


def test_host_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the settings name no host, the library goes where the environment says."""
    monkeypatch.setenv("PGHOST", "db.example.test")

    with pytest.raises(MayNotWrite):
        check_hosts({"default": _postgres()}, [])


def test_place_tells_no_password() -> None:
    """What is said of a database holds no credentials."""
    assert place_of(_postgres(HOST="::1")) == "postgresql shop on ::1"


def test_what_the_deployment_must_notice_is_its_own() -> None:
    """Database, caches and password hashers stay as the deployment has them; the rest is named as the overlay does."""
    own = {"CHANNEL_LAYERS": {}, "DEFAULT_FILE_STORAGE": "x", "STATICFILES_STORAGE": "x"}
    own |= {"MIDDLEWARE": ["silk.middleware"]}
    changed, _ = overlay(own, Path("/nowhere"))

    assert changed.keys() >= REPLACED
    assert not {"DATABASES", "CACHES", "PASSWORD_HASHERS", "DATABASE_ROUTERS", "MIGRATION_MODULES"} & REPLACED
