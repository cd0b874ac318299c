"""WebSockets: their routes, and who is calling.

The access token comes as `Authorization: Bearer …`, or from browsers, which cannot set headers there, as the
subprotocols `bearer, <token>`. Never in the address, which ends up in logs; and never as a cookie, so that
other sites cannot open a connection in somebody's name.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from channels.db import database_sync_to_async
from channels.routing import URLRouter
from courses.consumers import ProgressConsumer
from django.urls import path
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.exceptions import InvalidToken
from users.authentication import AccountJWTAuthentication

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[Any]]

SUBPROTOCOL = "bearer"


def token_of(scope: Scope) -> str | None:
    """The access token the handshake carries."""
    protocols = scope.get("subprotocols", [])
    if len(protocols) == 2 and protocols[0] == SUBPROTOCOL:
        return str(protocols[1])
    header = dict(scope.get("headers", [])).get(b"authorization", b"").decode("latin-1")
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


@database_sync_to_async  # type: ignore[untyped-decorator]
def caller(token: str) -> tuple[Any, float] | None:
    """The account behind a valid token and when that runs out; the same rules as for HTTP."""
    authentication = AccountJWTAuthentication()
    try:
        validated = authentication.get_validated_token(token.encode())
        return authentication.get_user(validated), float(validated["exp"])
    except (AuthenticationFailed, InvalidToken):
        return None


class TokenMiddleware:
    """Puts `user` (None for strangers) and `token_expires` into the scope."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> Any:
        token = token_of(scope)
        user, expires = (await caller(token) if token else None) or (None, 0.0)
        chosen = SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", []) else None
        known = {**scope, "user": user, "token_expires": expires, "chosen_subprotocol": chosen}
        return await self.inner(known, receive, send)


application = TokenMiddleware(URLRouter([path("ws/progress/", ProgressConsumer.as_asgi())]))
