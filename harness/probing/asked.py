"""A request as serializers and permissions find it: nobody sent it, but it says whose it is."""

from __future__ import annotations

from typing import Any


def request_of(user: Any, path: str = "/api/", method: str = "GET") -> Any:
    """A request of the REST framework, signed in as a user of the target."""
    from rest_framework.request import Request
    from rest_framework.test import APIRequestFactory

    request = Request(APIRequestFactory().generic(method, path))
    request.user = user
    return request
