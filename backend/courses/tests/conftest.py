"""The people and the small catalogue that the tests of `courses` share."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient
from users.tests.conftest import _cold_cache_and_fast_passwords, make_user, sign_in  # noqa: F401  # fixtures

from .snapshot import Snapshot, stored_rows
from .world import World, build_world

Ask = Callable[..., Any]
BUILT = pytest.StashKey[Snapshot]()


@pytest.fixture
def world(db: None, make_user: Callable[..., Any], pytestconfig: pytest.Config) -> World:  # noqa: F811
    """The catalogue, and one person of each kind: built by the first test, put back for all others."""
    if BUILT in pytestconfig.stash:
        restored: World = pytestconfig.stash[BUILT].restore()
        return restored
    before = stored_rows()
    built = build_world(make_user)
    pytestconfig.stash[BUILT] = Snapshot.since(before, built)
    return built


@pytest.fixture
def client_of(world: World, sign_in: Callable[[Any], APIClient]) -> Callable[[str], APIClient]:  # noqa: F811
    """The client of a person by name, with a real access token; of a guest without."""
    clients = {"guest": APIClient()}

    def client(name: str) -> APIClient:
        if name not in clients:
            clients[name] = sign_in(world.people[name])
        return clients[name]

    return client


@pytest.fixture
def get(client_of: Callable[[str], APIClient]) -> Ask:
    """GET a path below /api/ as a person by name."""

    def ask(name: str, path: str, **headers: Any) -> Any:
        return client_of(name).get(f"/api/{path}", headers=headers)

    return ask
