"""The debug operations: for staff, without secrets (policy 11)."""

import json
from typing import Any

import pytest
from django.core.cache import cache

from .conftest import Ask
from .world import EVERYBODY

PATHS = ("debug/cache-stats/", "debug/url-patterns/")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", EVERYBODY)
def test_debugging_is_for_staff(path: str, name: str, get: Ask) -> None:
    """Staff get an answer that nobody stores, guests 401, everybody else 403."""
    answer = get(name, path)

    assert answer.status_code == {"staff": 200, "guest": 401}.get(name, 403)
    assert answer["Cache-Control"] == "no-store"


def test_the_cache_is_described_without_its_content(get: Ask, settings: Any) -> None:
    """The cache's answer names the backend and the timeouts, no key and no value."""
    cache.set("access_level:4711", "value-4711")

    answer = get("staff", "debug/cache-stats/")

    assert answer.data["backend"] == settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    assert answer.data["answers"] is True
    assert answer.data["timeouts"]["certificate"] == 3600
    assert "4711" not in json.dumps(answer.data)


def test_the_routes_are_listed_with_their_names(get: Ask) -> None:
    """The list has the API's routes and nothing of the admin."""
    answer = get("staff", "debug/url-patterns/")

    names = {route["name"] for route in answer.data["patterns"]}
    assert {"courses:course-list", "users:user-login", "token_obtain_pair"} <= names
    assert answer.data["total"] == len(answer.data["patterns"])
    assert not any("admin" in route["pattern"] for route in answer.data["patterns"])
