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
# Within which a page of somebody else is told as well, once the learner's own page has been.
SECONDS_AFTER = 0.3
NEEDS_CLIENT = "needs-websocket-client"


@promised("UX-05", operation="progress.partial_update")
def progress_is_told_to_its_owner(stage: Stage) -> Iterator[str]:
    """A change of progress is told to the open pages of its learner, and to no page of anybody else, or of nobody."""
    url = stage.serve("asgi")
    token = stage.token(url, "registered")
    own, other = _page(stage, url, "registered"), _page(stage, url, "registered-bystander")
    worthless = _worthless(token, stage.client.refresh_token("registered"))
    nobodys = {kind: _opened(url, said) for kind, said in worthless.items()}
    try:
        _patch(stage, url, "progress-registered", "registered")
        yield from _told(own, stage.client.world.ids["progress-registered"], "the learner's page")
        for kind, page in nobodys.items():
            yield from _told_anyhow(page, f"a page opened with {kind}")
        # What is told last to the other page would come after anything it was told before.
        _patch(stage, url, "progress-bystander", "registered-bystander")
        yield from _told(other, stage.client.world.ids["progress-bystander"], "another learner's page")
    finally:
        own.close()
        other.close()
        for page in filter(None, nobodys.values()):
            page.close()


def _worthless(token: str, refresh: str) -> dict[str, list[str]]:
    """Headers with which nobody is signed in."""
    content, _, signature = token.rpartition(".")
    forged = f"{content}.{signature[:-1].swapcase()}{signature[-1:]}"  # as long, and as well encoded
    return {
        "no token": [],
        "something that is no token": ["Authorization: Bearer this-is-no-token"],
        "a token whose signature is wrong": [f"Authorization: Bearer {forged}"],
        "a refresh token": [f"Authorization: Bearer {refresh}"],
    }


def _opened(url: str, headers: list[str]) -> Any:
    """A page with these headers; None where it is refused, as it should be."""
    import websocket

    try:
        return websocket.create_connection(
            url.replace("http", "ws", 1) + PATH, header=headers, timeout=SECONDS_TO_TELL
        )
    except websocket.WebSocketException:
        return None


def _told_anyhow(page: Any, whose: str) -> Iterator[str]:
    """What a page is told that should be told nothing; that it is open at all, or is closed, is the backend's choice."""
    import websocket

    if page is None:
        return
    page.settimeout(SECONDS_AFTER)
    try:
        said = page.recv()
    except websocket.WebSocketException:
        return
    if said:
        yield f"{whose} is told of the progress of a learner"


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
