"""Locust's own process of the stall benchmark: our sources, a journey of one request. Prints the p95."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402 -- patched first, as Locust does it
import time  # noqa: E402
from types import SimpleNamespace  # noqa: E402

import gevent  # noqa: E402
from locust.env import Environment  # noqa: E402

from coursegate.load.generator.setting import Setting  # noqa: E402
from coursegate.load.generator.sources import drain, source_of  # noqa: E402
from coursegate.load.oracle import Opinion  # noqa: E402
from coursegate.load.order import Order  # noqa: E402
from coursegate.load.people import Person  # noqa: E402
from coursegate.load.plan import Stage  # noqa: E402
from coursegate.load.rows import OK, percentile  # noqa: E402
from coursegate.load.scenarios.catalogue import sources  # noqa: E402
from coursegate.load.scenarios.scenario import Scenario  # noqa: E402
from coursegate.load.visit import FINE, Asked, Visit  # noqa: E402

SECONDS, RATE = 25.0, 20.0
GUEST = Person("guest", "guest")


def journey(visit: Visit) -> None:
    visit._send(Asked("stall", "GET", "/", {}, None), FINE)


def main(url: str) -> None:
    plan = (Stage("steady", SECONDS, RATE),)
    order = Order("stall", url, plan, "", "", "", "seed", "", only=("search",))
    setting = Setting(order)
    # There is no world behind the endpoint, and nothing in its answer to judge.
    oracle = SimpleNamespace(opinion=lambda *_: Opinion(OK))
    setting.__dict__["cast"] = SimpleNamespace(person=lambda *_: GUEST, oracle=oracle)
    setting.__dict__["tokens"] = SimpleNamespace(of=lambda _: "")
    source = source_of(Scenario("search", 3, {"guest": 1}, journey, ()), setting)
    runner = Environment(user_classes=[source], host=url).create_local_runner()
    setting.ordered.set()
    setting.started, setting.accepting = time.time(), True
    runner.start(sources(order.only), spawn_rate=100)
    gevent.sleep(SECONDS + 1)
    setting.accepting = False
    drain(5)
    runner.stop()
    print(percentile([row.latency for row in setting.buffer.take(final=True)["rows"]], 0.95))


if __name__ == "__main__":
    main(sys.argv[1])
