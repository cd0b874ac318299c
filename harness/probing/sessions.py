"""A browser's session in a target of this process: its cookies, and the token that a page of it would send along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BrowserSession:
    """Headers of requests from a signed-in browser.

    Attributes:
        forged: as another site makes the browser send them: cookies only.
        own: as a page of the backend itself sends them: cookies and CSRF token.
    """

    forged: Mapping[str, str]
    own: Mapping[str, str]


def open_session(user: Any) -> BrowserSession:
    """Sign a user in as Django's own login does, in the database of the target."""
    from django.conf import settings
    from django.http import HttpRequest
    from django.middleware.csrf import get_token
    from django.test import Client

    client = Client()
    client.force_login(user)
    page = HttpRequest()
    token = get_token(page)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    if settings.CSRF_USE_SESSIONS:
        session = client.session
        session["_csrftoken"] = page.META["CSRF_COOKIE"]
        session.save()
    else:
        cookies[settings.CSRF_COOKIE_NAME] = page.META["CSRF_COOKIE"]
    forged = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")
    return BrowserSession(forged, {**forged, header: token})
