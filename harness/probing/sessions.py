"""A browser's session in a target of this process: its cookies, and the token that a page of it would send along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from coursegate.harness.client import NotApplicable


@dataclass(frozen=True)
class BrowserSession:
    """Headers of requests from a signed-in browser.

    Attributes:
        forged: as another site makes the browser send them: cookies only.
        mistaken: with a CSRF token, but that of another browser.
        own: as a page of the backend itself sends them: cookies and CSRF token.
    """

    forged: Mapping[str, str]
    mistaken: Mapping[str, str]
    own: Mapping[str, str]


def open_session(user: Any) -> BrowserSession:
    """Sign a user in as Django's own login does, in the target's store of sessions; nobody is told of it by a signal.

    Raises:
        NotApplicable: the target has no sessions.
    """
    from django.apps import apps
    from django.conf import settings
    from django.contrib import auth
    from django.http import HttpRequest
    from django.middleware.csrf import get_token

    if not apps.is_installed("django.contrib.sessions"):
        raise NotApplicable("django.contrib.sessions is not installed: there are no sessions to forge")
    page = HttpRequest()
    token = get_token(page)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[auth.SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["_csrftoken"] = page.META["CSRF_COOKIE"]
    session.save()
    cookies = {settings.SESSION_COOKIE_NAME: session.session_key}
    if not settings.CSRF_USE_SESSIONS:
        cookies[settings.CSRF_COOKIE_NAME] = page.META["CSRF_COOKIE"]
    forged = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")
    return BrowserSession(forged, {**forged, header: get_token(HttpRequest())}, {**forged, header: token})
