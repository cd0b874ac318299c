"""Open pages: what a WebSocket is told, and whose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from coursegate.harness.client import CannotAssess, NotApplicable
from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import Stage

# No path is promised; this is where the reference has it, and where a target is looked at.
PATH = "/ws/progress/"
SECONDS_TO_TELL = 10.0
NEEDS_CLIENT = "needs-websocket-client"


@promised("UX-05", operation="progress.partial_update")
def progress_is_told_to_its_owner(stage: Stage) -> Iterator[str]:
    """A change of progress is told to the open pages of its learner, once, and to nobody else's."""
    url = stage.serve("asgi")
    own, other = _page(stage, url, "registered"), _page(stage, url, "registered-bystander")
    try:
        _patch(stage, url, "progress-registered", "registered")
        yield from _told(own, stage.client.world.ids["progress-registered"], "the learner's page")
        # What is told last to the other page would come after anything it was told before.
        _patch(stage, url, "progress-bystander", "registered-bystander")
        yield from _told(other, stage.client.world.ids["progress-bystander"], "another learner's page")
    finally:
        own.close()
        other.close()


def _page(stage: Stage, url: str, by: str) -> Any:
    try:
        import websocket
    except ImportError as problem:
        raise CannotAssess(f"{NEEDS_CLIENT}: {problem}: pip install 'coursegate[services]'") from None
    headers = [f"Authorization: Bearer {stage.token(url, by)}"]
    try:
        return websocket.create_connection(
            url.replace("http", "ws", 1) + PATH, header=headers, timeout=SECONDS_TO_TELL
        )
    except websocket.WebSocketBadStatusException as problem:
        raise NotApplicable(f"no WebSocket is accepted at {PATH}: {problem.status_code}") from None


def _patch(stage: Stage, url: str, row: str, by: str) -> None:
    key = str(stage.client.world.ids[row])
    stage.send(url, "progress.partial_update", key, by=by, body={"time_spent": 321})


def _told(page: Any, progress: Any, whose: str) -> Iterator[str]:
    """What is wrong with the first message: it must be about this row."""
    import websocket

    try:
        said = page.recv()
    except websocket.WebSocketTimeoutException:
        yield f"{whose} is told nothing within {SECONDS_TO_TELL:g} s"
        return
    except websocket.WebSocketConnectionClosedException:
        yield f"{whose} is closed instead of told"
        return
    if str(progress) not in {str(value) for value in json.loads(said).values()}:
        yield f"{whose} is told of something else than its own progress {progress}: {said[:200]}"
