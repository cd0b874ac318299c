"""The canary of the generator: an endpoint that takes exactly so long tells how much of a latency is our own."""

from __future__ import annotations

import time

import gevent
from locust.contrib.fasthttp import FastHttpSession

from coursegate.load.generator.setting import Setting

EVERY = 0.25


def watch_lateness(setting: Setting) -> None:
    """Ask the endpoint with constant delay several times a second, as long as journeys begin."""
    setting.ordered.wait()
    order = setting.order
    if order is None or not order.delay:
        return
    session = FastHttpSession(
        order.delay,
        _Nobody(),  # none of Locust's statistics: this is no request to the target
        None,
        network_timeout=10.0,
        connection_timeout=5.0,
    )

    while setting.accepting:
        begun = time.perf_counter()
        answer = session.get("/")
        if answer.status_code == 200:
            setting.buffer.delay((time.perf_counter() - begun) * 1000 - order.delay_ms)
        gevent.sleep(EVERY)


class _Nobody:
    def fire(self, **_request: object) -> None:
        """Nobody is told."""
