"""Journeys without Locust: one request after the other, so that two windows ask for exactly the same."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from coursegate.load.oracle import Opinion, Reply
from coursegate.load.rows import Broken, Row
from coursegate.load.visit import Asked, Judge

SECONDS_PER_REQUEST = 30.0


class PlainSender:
    """Sends over one connection that is kept; also keeps what a window has seen."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=SECONDS_PER_REQUEST
        )
        self.rows: list[Row] = []
        self.told: list[Broken] = []

    def send(self, asked: Asked, judge: Judge) -> tuple[Reply, Opinion]:
        """One request; a connection that broke is not repaired: the window is then not whole."""
        try:
            self._connection.request(asked.method, asked.path, asked.body, dict(asked.headers))
            answer = self._connection.getresponse()
            reply = Reply(answer.status, answer.read(), dict(answer.getheaders()))
        except (OSError, http.client.HTTPException) as problem:
            self._connection.close()
            reply = Reply(0, error=f"{type(problem).__name__}: {problem}")
        return reply, judge(reply)

    def pause(self, seconds: float) -> None:
        """Nobody thinks here: a pause costs the server nothing."""

    def together(self, *actions: Callable[[], Any]) -> list[Any]:
        return [action() for action in actions]

    def row(self, row: Row) -> None:
        self.rows.append(row)

    def broken(self, broken: Broken) -> None:
        self.told.append(broken)

    def skipped(self, due: float, scenario: str) -> None:
        """Nobody turns back where one journey is made at a time."""

    def note(self, about: str, text: str) -> None:
        """What a window skips, its twin skips as well."""

    def close(self) -> None:
        self._connection.close()
