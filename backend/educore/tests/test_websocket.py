"""/ws/progress/: for signed-in people, with their own messages (UX-05)."""

import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from courses.notifications import send_to_channel_layer
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken
from users.models import CustomUser
from users.tests.conftest import make_user  # noqa: F401  # fixture

from educore.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)

People = dict[str, CustomUser]
REFUSED = {"type": "websocket.close", "code": 4401}


@pytest.fixture
def people(make_user: Callable[..., CustomUser]) -> People:  # noqa: F811
    return {name: make_user(name) for name in ("one", "another")}


class Page:
    """An open page: a WebSocket to /ws/progress/ with a token in a header or as a subprotocol."""

    def __init__(self, token: object = None, *, subprotocol: bool = False) -> None:
        scope: dict[str, Any] = {"type": "websocket", "path": "/ws/progress/", "headers": []}
        if subprotocol:
            scope["subprotocols"] = ["bearer", str(token)]
        elif token:
            scope["headers"] = [(b"authorization", f"Bearer {token}".encode())]
        self.socket = ApplicationCommunicator(application, scope)

    async def connect(self) -> dict[str, Any]:
        await self.socket.send_input({"type": "websocket.connect"})
        return await self.receive()

    async def receive(self) -> dict[str, Any]:
        return dict(await self.socket.receive_output(timeout=5))

    async def close(self) -> None:
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.socket.wait(timeout=5)


async def send(user: CustomUser, **message: Any) -> None:
    await sync_to_async(send_to_channel_layer)(user.pk, message)


def run(talk: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return async_to_sync(talk)()


@pytest.mark.parametrize("subprotocol", [False, True], ids=["header", "subprotocol"])
def test_people_hear_of_their_own_progress_only(subprotocol: bool, people: People) -> None:
    """A message to one person reaches that person's page and no other; what a page sends is ignored."""

    async def talk() -> None:
        own, other = (Page(AccessToken.for_user(user), subprotocol=subprotocol) for user in people.values())
        for page in (own, other):
            accepted = await page.connect()
            assert accepted["type"] == "websocket.accept"
            assert accepted["subprotocol"] == ("bearer" if subprotocol else None)
        await other.socket.send_input({"type": "websocket.receive", "text": "no json"})
        await send(people["one"], progress=7)
        assert json.loads((await own.receive())["text"]) == {"progress": 7}
        assert await other.socket.receive_nothing()
        for page in (own, other):
            await page.close()

    run(talk)


@pytest.mark.parametrize("kind", ["none", "garbage", "refresh", "expired", "deactivated"])
def test_strangers_are_refused(kind: str, people: People) -> None:
    """Without a valid access token of an active account there is no connection."""
    user = people["one"]
    token: Any = AccessToken.for_user(user)
    if kind == "expired":
        token.set_exp(lifetime=-timedelta(seconds=1))
    if kind == "deactivated":
        CustomUser.objects.filter(pk=user.pk).update(is_active=False)
    page = Page({"none": None, "garbage": "x.y.z", "refresh": RefreshToken.for_user(user)}.get(kind, token))

    async def talk() -> None:
        refused = await page.connect()
        assert (refused["type"], refused["code"]) == (REFUSED["type"], REFUSED["code"])
        await page.close()

    run(talk)


def test_a_connection_ends_with_its_token(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose token has run out gets a closed connection instead of the message."""

    async def talk() -> None:
        page = Page(AccessToken.for_user(people["one"]))
        await page.connect()
        monkeypatch.setattr("courses.consumers.now", lambda: 9e12)
        await send(people["one"], progress=7)
        closed = await page.receive()
        assert (closed["type"], closed["code"]) == (REFUSED["type"], REFUSED["code"])
        await page.close()

    run(talk)
