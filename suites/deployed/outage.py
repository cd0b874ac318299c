"""A cache server that ends while the target is being asked."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module

from coursegate.contracts.access import Cell
from coursegate.harness.client import CannotAsk, CannotAssess
from coursegate.harness.judging.outcomes import OUTCOMES
from coursegate.harness.judging.universal import Asked, leaks
from coursegate.harness.observation import Answer, Exchange
from coursegate.harness.services import valkey
from coursegate.harness.services.guarding import NoService
from coursegate.harness.targets.ground import GROUND_VARIABLE
from coursegate.harness.targets.shared_cache import keeps_own
from coursegate.harness.verdicts import NEEDS_REDIS
from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import Stage

# Cells of the access table: a read that anybody may cache, one that is counted, and such as are refused, or show less, to
# some: by their level, by what they teach, by whose rows they are.
ASKED = (
    "courses.list/courses/registered",
    "instructor-dashboard.retrieve/nothing/owner",
    "draft-courses.list/draft-courses/registered",
    "lessons.retrieve/lesson-premium/registered",
    "lessons.retrieve/lesson-premium/lapsed",
    "lessons.retrieve/lesson-premium/premium",
    "lessons.retrieve/lesson-premium/guest",
    "courses.retrieve/course-draft/peer",
    "course-analytics.retrieve/course-open/assistant",
    "notes.retrieve/note-private/owner",
)
REPLACED = "the target's own cache class is replaced by Django's"
# Whatever of these a team has, Django's in its place means the same by an outage.
PLAIN = "django.core.cache.backends."
_INSIDES = re.compile(r"Traceback \(most recent|redis\.exceptions|ConnectionError|127\.0\.0\.1:\d+|redis://")


@promised("policy 13", operation="courses.list")
def answers_without_its_cache(stage: Stage) -> Iterator[str]:
    """Without its cache server the backend answers as before or with 503, lets in nobody else, and tells nothing of it."""
    with _own_cache(stage) as (url_of_cache, fenced):
        url = fenced.serve()
        cells = [stage.contract.access.cells[name] for name in ASKED]
        asked = [cell for cell in cells if not stage.binding.agreement.why_unsupported(cell.operation)]
        before = [_asked(fenced, url, cell) for cell in asked]
        _check_answered(asked, before)
        _end(url_of_cache)
        after = [_asked(fenced, url, cell) for cell in asked]
    if any(exchange.answer.status == 500 for exchange in after) and not _is_kept(stage):
        raise CannotAssess(f"{REPLACED}: what it would do without its server cannot be seen")
    for cell, first, then in zip(asked, before, after, strict=True):
        told = f"{cell.operation} asked by {cell.principal} once the cache server has ended"
        for problem in _problems(first.answer, then.answer):
            yield f"{told}: {problem}"
        for leak in leaks(
            then, Asked(cell.operation, cell.principal, stage.client.world, stage.contract.declassified)
        ):
            yield f"{told}: {leak.text}"


def _asked(stage: Stage, url: str, cell: Cell) -> Exchange:
    answer = stage.ask(url, cell)  # signs in first
    exchange = Exchange(stage.client.request(cell), answer)
    stage.exchanges.append(exchange)
    return exchange


def _check_answered(asked: list[Cell], seen: list[Exchange]) -> None:
    """Whether all is as it should be while the cache is there: what is refused anyhow shows nothing without it.

    Raises:
        CannotAsk: it is not.
    """
    for cell, exchange in zip(asked, seen, strict=True):
        statuses = {status for outcome in cell.outcomes for status in OUTCOMES[outcome].statuses}
        if exchange.answer.status not in statuses:
            raise CannotAsk(
                f"access/{cell.id} is answered {exchange.answer.summary} before the cache server has ended"
            )


def _problems(before: Answer, after: Answer) -> Iterator[str]:
    if after.hang:
        yield "no answer"
    elif after.status not in {before.status, 503}:
        yield f"{after.status}, where it was {before.status} and may be 503"
    if found := _INSIDES.search(after.text):
        yield f"the answer tells of its insides: {found[0]}"


def _is_kept(stage: Stage) -> bool:
    caches = getattr(import_module(stage.binding.settings), "CACHES", {})
    backend = str(caches.get("default", {}).get("BACKEND", PLAIN))
    return backend.startswith(PLAIN) or keeps_own(backend)


@contextmanager
def _own_cache(stage: Stage) -> Iterator[tuple[str, Stage]]:
    """A server that nobody else uses, and the stage with it in place of the shared one."""
    try:
        url = valkey.own_server(stage.services.folder / f"valkey-{uuid.uuid4().hex[:8]}")
    except NoService as problem:
        raise CannotAssess(f"{NEEDS_REDIS}: {problem}") from None
    told = json.loads(stage.environment[GROUND_VARIABLE])
    told["cache"] = {**told["cache"], "url": url}
    try:
        yield url, replace(stage, environment={**stage.environment, GROUND_VARIABLE: json.dumps(told)})
    finally:
        _end(url)


def _end(url: str) -> None:
    import redis

    with suppress(redis.ConnectionError), redis.Redis.from_url(url) as server:
        server.shutdown(nosave=True)
