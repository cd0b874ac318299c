"""Requests over Locust's own client, so that its statistics and its web page show them, too."""

from __future__ import annotations

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import gevent
from locust.contrib.fasthttp import FastHttpSession

from coursegate.load.oracle import Opinion, Reply
from coursegate.load.rows import OK
from coursegate.load.visit import Asked, Judge


class LocustSender:
    """Carries the requests of one source's journeys."""

    def __init__(self, session: FastHttpSession, allowed: Callable[[], bool]) -> None:
        self.session = session
        self.allowed = allowed
        # Neither a redirect nor a cookie decides where a request goes or who it comes from.
        session.client.redirect_response_codes = frozenset()  # type: ignore[misc]  # as Locust does it
        session.cookiejar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def send(self, asked: Asked, judge: Judge) -> tuple[Reply, Opinion]:
        """Send one request and have its answer judged.

        Raises:
            gevent.GreenletExit: the run has sent all it may; the journey ends here.
        """
        if not self.allowed():
            raise gevent.GreenletExit
        with self.session.request(
            asked.method,
            asked.path,
            name=asked.operation,
            data=asked.body,
            headers=dict(asked.headers),
            catch_response=True,
        ) as response:
            reply = _reply(response)
            opinion = judge(reply)
            if opinion.outcome == OK:
                response.success()
            else:
                response.failure(opinion.text)
        return reply, opinion

    def pause(self, seconds: float) -> None:
        gevent.sleep(seconds)

    def together(self, *actions: Callable[[], Any]) -> list[Any]:
        started = [gevent.spawn(action) for action in actions]
        gevent.joinall(started, raise_error=True)
        return [greenlet.value for greenlet in started]


def _reply(response: Any) -> Reply:
    if not response.status_code:
        problem = response.error or response.request_meta["exception"]
        return Reply(0, error=f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}")
    return Reply(response.status_code, response.content or b"", dict(response.headers.items()))
