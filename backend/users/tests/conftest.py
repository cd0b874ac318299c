"""What tests of the accounts need: fast passwords, a cold cache, people, clients with real tokens."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from users.models import CustomUser

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _cold_cache_and_fast_passwords(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def make_user(db: None) -> Callable[..., CustomUser]:
    """Makes an account named after `name`."""

    def make(name: str = "anna", **values: Any) -> CustomUser:
        return CustomUser.objects.create_user(f"{name}@example.org", name, PASSWORD, **values)

    return make


@pytest.fixture
def user(make_user: Callable[..., CustomUser]) -> CustomUser:
    return make_user()


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


@pytest.fixture
def sign_in() -> Callable[[CustomUser], APIClient]:
    """A client that carries the account's access token from POST /api/token/."""

    def signed_in(account: CustomUser) -> APIClient:
        client = APIClient()
        answer = client.post("/api/token/", {"email": account.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.content
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.data['access']}")
        return client

    return signed_in


@pytest.fixture
def client_of_user(user: CustomUser, sign_in: Callable[[CustomUser], APIClient]) -> APIClient:
    return sign_in(user)
