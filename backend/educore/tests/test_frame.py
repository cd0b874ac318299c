"""What surrounds every request: security headers, odd characters, unknown pages, schema, settings."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from redis.exceptions import ConnectionError as CacheUnreachable
from redis.exceptions import TimeoutError as CacheTooSlow
from users.models import CustomUser

pytestmark = pytest.mark.django_db


def policy_of(response: Any) -> dict[str, list[str]]:
    """The response's content security policy by directive."""
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("debug", [False, True], ids=["production", "debug"])
@pytest.mark.parametrize(
    "path",
    ["/api/token/", "/api/no-such-page/", "/no-such-page/", "/admin/login/", "/api/docs/", "/api/redoc/"],
)
def test_every_response_has_a_policy_without_inline_script(
    path: str, debug: bool, client: Client, settings: Any
) -> None:
    settings.DEBUG = debug

    response = client.get(path)

    policy = policy_of(response)
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_what_sends_on_to_https_has_a_policy(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/api/courses/")

    assert response.status_code == 301
    assert policy_of(response)["object-src"] == ["'none'"]


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/", "/admin/login/", "/admin/"])
def test_pages_carry_no_inline_script_that_the_policy_would_stop(path: str, client: Client) -> None:
    client.force_login(CustomUser.objects.create_superuser("boss@example.org", "boss", "x"))

    html = client.get(path, follow=True).content.decode()

    scripts = re.findall(r"<script\b([^>]*)>", html)
    assert scripts
    assert all("src=" in attributes or 'type="application/json"' in attributes for attributes in scripts)
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//(?!fonts\.)[^"']*\.(?:js|css)""", html)


def test_null_bytes_end_nowhere(client: Client) -> None:
    assert client.get("/api/token/\x00/").status_code == 404
    assert client.get("/api/user/profile/me/", {"q": "a\x00b"}).status_code == 400


def test_unknown_pages_of_the_api_are_json(client: Client, settings: Any) -> None:
    settings.DEBUG = False

    response = client.get("/api/no-such-page/")

    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


def test_a_missing_slash_is_a_missing_page(client: Client) -> None:
    assert client.post("/api/token").status_code == 404


def test_the_schema_describes_the_accounts_and_their_tokens(client: Client) -> None:
    schema = client.get("/api/schema/", {"format": "json"}).json()

    assert {"/api/token/", "/api/user/auth/login/", "/api/user/subscription/upgrade/"} <= set(schema["paths"])
    assert schema["components"]["securitySchemes"]["jwtAuth"]["scheme"] == "bearer"
    assert schema["info"]["version"].startswith("7.")


def run_check(settings: Any, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` in a process of its own with these variables."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_production_settings_pass_the_deployment_check(settings: Any) -> None:
    done = run_check(settings, DEBUG="0", SECRET_KEY="k3y-" * 20 + "abcdefghij", ALLOWED_HOSTS="example.org")

    assert done.returncode == 0, done.stderr


def test_production_without_a_secret_is_refused(settings: Any) -> None:
    done = run_check(settings, DEBUG="0", ALLOWED_HOSTS="example.org")

    assert done.returncode != 0
    assert "SECRET_KEY must be set" in done.stderr


@pytest.mark.parametrize("problem", [CacheUnreachable("at 10.0.0.9:6379"), CacheTooSlow("at 10.0.0.9:6379")])
def test_a_cache_that_is_gone_refuses_for_a_moment(
    problem: Exception, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr("rest_framework.views.APIView.check_throttles", fail)

    response = client.get("/api/courses/")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "10.0.0.9" not in response.content.decode()
