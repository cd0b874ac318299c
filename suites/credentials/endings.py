"""What ends the worth of a refresh token: one function per ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Request
from coursegate.harness.session import Bound

Change = Callable[[Mapping[str, Any]], None]
LOGOUT_PATH = "/api/user/auth/logout/"


def deactivation(_bound: Bound, change: Change, _late: Request) -> None:
    """The account is switched off."""
    change({"is_active": False})


def logout(bound: Bound, _change: Change, late: Request) -> None:
    """The account has signed out with this very token."""
    headers = {"Authorization": f"Bearer {bound.client.sign_in('registered')}"}
    answer = bound.target.send(Request("POST", LOGOUT_PATH, "registered", headers, late.body, late.secrets))
    if answer.status >= 400:
        raise CannotAsk(f"POST {LOGOUT_PATH} does not sign out: {answer.summary}")


ENDINGS: dict[str, Callable[[Bound, Change, Request], None]] = {
    ending.__name__: ending for ending in (deactivation, logout)
}
