"""Somebody signs in far too often: the limit holds, for all processes of the server together (SEC-05)."""

from __future__ import annotations

import math

from coursegate.load.oracle import Reply, Wanted
from coursegate.load.order import Throttle
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

MULTIPLIED = "throttle-not-kept"
# Counting is not atomic everywhere: of requests that arrive at the same moment a few may slip through.
SLACK = 1.4
_ACCEPTED = frozenset({200})
_WANTED = Wanted(frozenset({200, 429}))


def _journey(visit: Visit) -> None:
    throttle = visit.cast.throttle
    if throttle is None:
        visit.skip("nobody said which limit the target keeps (--throttle)")
        return
    account = visit.cast.world.accounts[visit.person.name]
    body = {"email": account.email, "password": account.password}
    replies = []
    for _ in range(math.ceil(throttle.limit * 4)):
        replies.append(visit.ask("login.create", body=body, wanted=_WANTED, signed=False, alone=True))
        visit.sender.pause(0.02)
    after = _judge(visit, throttle, replies)
    if throttle.waits and after:
        visit.sender.pause(after + 1)
        again = visit.ask("login.create", body=body, wanted=_WANTED, signed=False)
        if again.status == 429:
            visit.broken(MULTIPLIED, f"still 429 after the {after} s that Retry-After named")


def _judge(visit: Visit, throttle: Throttle, replies: list[Reply]) -> int:
    """What the limit let through. Returns the seconds of Retry-After, 0 where none is usable."""
    accepted = sum(reply.status in _ACCEPTED for reply in replies)
    refused = [reply for reply in replies if reply.status == 429]
    if accepted + len(refused) < len(replies):
        return 0  # rows of their own say so; a server that fails keeps no limit that could be judged
    most = math.floor(throttle.limit * SLACK)
    if not throttle.limit <= accepted <= most:
        visit.broken(
            MULTIPLIED,
            f"{accepted} of {len(replies)} sign-ins were accepted within {throttle.window:g} s, "
            f"the limit is {throttle.limit} (at most {most} with what may slip through)",
        )
    if not refused:
        return 0
    after = next((value for name, value in refused[0].headers.items() if name.lower() == "retry-after"), "")
    if not after.isdigit() or not 0 < int(after) <= throttle.window:
        visit.broken(MULTIPLIED, f"429 with Retry-After {after!r}, not within (0, {throttle.window:g}]")
        return 0
    return int(after)


THROTTLE_PROBE = Scenario("throttle-probe", 1, {"registered": 1}, _journey, ("login.create",), once=True)
