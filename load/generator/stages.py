"""The plan as Locust wants it: as many sources as ever, until it is over."""

from __future__ import annotations

import time

from locust import LoadTestShape

from coursegate.load.generator.setting import Setting
from coursegate.load.plan import seconds_of
from coursegate.load.scenarios.catalogue import chosen, sources


def shape_of(setting: Setting) -> type[LoadTestShape]:
    """The shape of the order's plan. Rates change inside the sources, to the moment, not with their number."""
    order = setting.order
    assert order is not None
    users = sources(order.only) + sum(scenario.once for scenario in chosen(order.only))

    class Stages(LoadTestShape):
        def tick(self) -> tuple[int, float] | None:
            # Asked each time: a climb that is over makes the plan shorter.
            if setting.started is not None and time.time() - setting.started >= seconds_of(
                setting.plan or ()
            ):
                return None
            return users, 1000.0

    return Stages
