"""A request as a serializer finds it in its context: nobody sent it, but it says whose it is."""

from __future__ import annotations

from typing import Any


def request_of(user: Any, path: str = "/api/") -> Any:
    """A GET request of the REST framework, signed in as a user of the target."""
    from rest_framework.request import Request
    from rest_framework.test import APIRequestFactory

    request = Request(APIRequestFactory().get(path))
    request.user = user
    return request
