"""What the service says about itself (ARCH-05), in good days and bad ones."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.utils import OperationalError
from django.urls import resolve
from rest_framework.test import APIClient

from .world import World

SECRETS = ("SECRET_KEY", "sqlite", "postgres", "redis", "locmem", "localhost", "127.0.0.1", "/work", "home")


@pytest.mark.django_db
def test_the_version_names_endpoints_and_documentation_that_exist() -> None:
    info = APIClient().get("/api/version/").data

    assert info["api_version"] == info["version"] == settings.API_VERSION
    major, minor, _ = (int(part) for part in info["api_version"].split("."))
    assert (major, minor) > (7, 0)
    assert info["documentation"] == {
        "openapi_schema": "/api/schema/",
        "swagger_ui": "/api/docs/",
        "redoc": "/api/redoc/",
    }
    for path in (*info["endpoints"].values(), *info["documentation"].values()):
        assert resolve(path)


@pytest.mark.django_db
def test_health_tells_standing_and_version_and_nothing_about_the_machine() -> None:
    answer = APIClient().get("/api/health/")

    assert answer.status_code == 200
    assert {**answer.data, "timestamp": None} == {
        "status": "healthy",
        "version": settings.API_VERSION,
        "timestamp": None,
        "database": "ok",
        "cache": "ok",
    }
    assert not [secret for secret in SECRETS if secret.lower() in answer.content.decode().lower()]


@pytest.mark.django_db
def test_health_is_503_without_a_database_and_never_kept(monkeypatch: Any) -> None:
    def no_cursor(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("could not connect to server at 10.0.0.1")

    monkeypatch.setattr(connections["default"], "cursor", no_cursor)
    answer = APIClient().get("/api/health/")

    assert (answer.status_code, answer.data["status"]) == (503, "unhealthy")
    assert (answer.data["database"], answer.headers["Cache-Control"]) == ("unavailable", "no-store")
    assert b"10.0.0.1" not in answer.content


@pytest.mark.django_db
def test_health_is_degraded_without_a_cache_and_has_no_limit(monkeypatch: Any) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("courses.health.cache.set", broken)
    answers = [APIClient().get("/api/health/") for _ in range(120)]

    assert {(answer.status_code, answer.data["status"]) for answer in answers} == {(200, "degraded")}


@pytest.mark.parametrize("path", ["health/", "version/", "search/?q=course", "featured/"])
def test_a_bad_token_is_no_guest(path: str, world: World, client_of: Any) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer broken")

    assert client.get(f"/api/{path}").status_code == 401
    assert client_of("registered").get(f"/api/{path}").status_code == 200
