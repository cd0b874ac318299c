"""The learner's own progress as it happens, over a WebSocket (UX-05)."""

from time import time as now
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from .notifications import progress_group

NOT_SIGNED_IN = 4401


class ProgressConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Passes on the messages to the signed-in user; listens to nothing, and ends with the token."""

    async def connect(self) -> None:
        user = self.scope.get("user")
        if user is None:
            await self.close(code=NOT_SIGNED_IN)
            return
        self.group = progress_group(user.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept(subprotocol=self.scope.get("chosen_subprotocol"))

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Whatever a page sends is not read."""

    async def progress_changed(self, event: dict[str, Any]) -> None:
        """Handles `progress.changed`; a token that has run out since gets nothing any more."""
        if now() >= self.scope["token_expires"]:
            await self.close(code=NOT_SIGNED_IN)
            return
        await self.send_json(event["message"])
