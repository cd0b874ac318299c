"""Requests over Locust's own client, so that its statistics and its web page show them, too."""

from __future__ import annotations

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import gevent
from locust.contrib.fasthttp import FastHttpSession, LocustBadStatusCode

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
        values = [greenlet.value for greenlet in started]
        if any(isinstance(value, gevent.GreenletExit) for value in values):
            raise gevent.GreenletExit
        return values


def _reply(response: Any) -> Reply:
    """What came back; an answer that was cut short has not come."""
    problem = response.request_meta["exception"]
    if response.status_code and (problem is None or isinstance(problem, LocustBadStatusCode)):
        headers: dict[str, str] = dict(response.headers.items())
        body = response.content or b""
        told = headers.get("content-length", headers.get("Content-Length", ""))
        if not told.isdigit() or int(told) == len(body) or response.request_meta["request_type"] == "HEAD":
            return Reply(response.status_code, body, headers)
        return Reply(0, error=f"{len(body)} of {told} bytes came")
    # Where the body broke off there is an answer, which knows of no error; where none has come, only that knows it.
    problem = getattr(response, "error", None) or problem
    return Reply(0, error=f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}")
