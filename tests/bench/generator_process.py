"""Locust's own process of the benchmark: the same requests bare and as a journey, in turns. Prints processor times."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402 -- patched first, as Locust does it
import random  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

from locust.contrib.fasthttp import FastHttpSession  # noqa: E402
from locust.env import Environment  # noqa: E402

from coursegate.contracts.contract import load_contract  # noqa: E402
from coursegate.harness.world_file import read_world  # noqa: E402
from coursegate.load.cast import Cast  # noqa: E402
from coursegate.load.generator.recording import Buffer  # noqa: E402
from coursegate.load.generator.sending import LocustSender  # noqa: E402
from coursegate.load.oracle import Reply, Wanted  # noqa: E402
from coursegate.load.people import Person  # noqa: E402
from coursegate.load.signing import Tokens  # noqa: E402
from coursegate.load.visit import Asked, Judge, Visit  # noqa: E402

BLOCKS, REPEATS = 10, 3


class Bare:
    """Sends what a journey asks, and looks at nothing."""

    def __init__(self, session: FastHttpSession) -> None:
        self.session = session
        self.asked: list[Asked] = []

    def send(self, asked: Asked, judge: Judge) -> tuple[Reply, Any]:
        self.asked.append(asked)
        response = self.session.request(asked.method, asked.path, headers=dict(asked.headers))
        headers = dict((response.headers or {}).items())
        reply = Reply(response.status_code, response.content or b"", headers)
        return reply, judge(reply)

    def pause(self, seconds: float) -> None: ...
    def together(self, *actions: Any) -> list[Any]:
        return [action() for action in actions]


def journey(visit: Visit) -> None:
    """Reads of every sort, as many as a guest and a premium learner make."""
    visit.ask("courses.list", wanted=Wanted(rows_at=()))
    visit.see("courses.retrieve", "course-open")
    visit.ask("lessons.list", wanted=Wanted(rows_at=()))
    visit.see("lessons.retrieve", "lesson-premium")
    visit.see("lessons.retrieve", "lesson-guest")
    visit.ask("search.list", query="q=sentence&type=courses&limit=20")


def main(url: str, world_file: Path) -> None:
    file, environment = read_world(world_file), Environment()
    contract = load_contract()
    world = file.world(contract)
    cast, tokens = Cast(world, contract), Tokens({}, url, world)
    session = FastHttpSession(url, environment.events.request, None)
    sender, bare, buffer = LocustSender(session, lambda: True), Bare(session), Buffer()

    def visit(name: str, by: Any) -> Visit:
        return Visit("bench", Person(name, name), cast, by, buffer, tokens.of, random.Random(0), time.time())

    for name in ("guest", "premium"):
        journey(visit(name, bare))  # to know what is asked, and to warm everything up
        journey(visit(name, sender))
    times: dict[str, list[float]] = {"bare": [], "journeys": []}
    for _ in range(BLOCKS):
        begun = time.process_time()
        for _ in range(REPEATS):
            for asked in bare.asked[:12]:
                session.request(asked.method, asked.path, headers=dict(asked.headers))
        times["bare"].append((time.process_time() - begun) / (REPEATS * 12))
        begun = time.process_time()
        for _ in range(REPEATS):
            journey(visit("guest", sender))
            journey(visit("premium", sender))
        times["journeys"].append((time.process_time() - begun) / (REPEATS * 12))
        buffer.take(final=False)
    found = {f"{name}_us": round(median(values) * 1e6, 1) for name, values in times.items()}
    ratios = [after / before for before, after in zip(times["bare"], times["journeys"], strict=True)]
    print(json.dumps(found | {"ratio": round(median(ratios), 3), "requests_each": BLOCKS * REPEATS * 12}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
