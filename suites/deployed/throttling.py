"""Limits on how often somebody may ask, kept by processes that share a cache."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.harness.client import NotApplicable
from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import SENSITIVE_RATE, Stage

OPERATION = "instructor-dashboard.retrieve"
WINDOW = 60


@promised("SEC-05", operation=OPERATION)
def a_rate_counts_in_every_process(stage: Stage) -> Iterator[str]:
    """A rate for sensitive operations is kept across processes, tells when to come back, and lets in again then."""
    urls = [stage.serve(), stage.serve()]
    answers = [
        stage.send(urls[number % 2], OPERATION, by="owner", query=f"?n={number}")
        for number in range(SENSITIVE_RATE + 4)
    ]
    statuses = [answer.status for answer in answers]
    if statuses[0] in {403, 404}:
        raise NotApplicable("the owner of a course has no dashboard there")
    # Who refuses what a query asks besides has let the request in to say so.
    let_in = 400 if statuses[0] == 400 else 200
    if statuses != [let_in] * SENSITIVE_RATE + [429] * 4:
        yield f"{SENSITIVE_RATE} a minute were allowed, to two processes together: {statuses}"
        return
    wait = answers[-1].header("Retry-After")
    if not (wait.isdecimal() and 0 < int(wait) <= WINDOW):
        yield f"a 429 says when to come back, in 1 to {WINDOW} s: Retry-After is {wait!r}"
    if (other := stage.send(urls[0], OPERATION, by="peer").status) != 200:
        yield f"another user is refused as well: {other}"
    stage.clock.write_text(str(WINDOW + 1))
    if (again := stage.send(urls[1], OPERATION, by="owner").status) != 200:
        yield f"a minute later the same user is still refused: {again}"
