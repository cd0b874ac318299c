"""A cache server that ends while the target is being asked."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module

from coursegate.harness.client import CannotAssess
from coursegate.harness.observation import Answer
from coursegate.harness.services import valkey
from coursegate.harness.services.guarding import NoService
from coursegate.harness.targets.ground import GROUND_VARIABLE
from coursegate.harness.targets.shared_cache import keeps_own
from coursegate.harness.verdicts import NEEDS_REDIS
from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import Stage

# A read that anybody may cache, one that is counted, and one that is refused.
ASKED = (
    ("courses.list", "registered"),
    ("instructor-dashboard.retrieve", "owner"),
    ("draft-courses.list", "registered"),
)
REPLACED = "the target's own cache class is replaced by Django's"
# Whatever of these a team has, Django's in its place means the same by an outage.
PLAIN = "django.core.cache.backends."
_INSIDES = re.compile(r"Traceback \(most recent|redis\.exceptions|ConnectionError|127\.0\.0\.1:\d+|redis://")


@promised("SEC-05", "policy 13", operation="courses.list")
def answers_without_its_cache(stage: Stage) -> Iterator[str]:
    """Without its cache server the backend answers as before or with 503, soon, and tells nothing of the fault."""
    with _own_cache(stage) as (url_of_cache, fenced):
        url = fenced.serve()
        before = {asked: fenced.send(url, asked[0], by=asked[1]) for asked in ASKED}
        _end(url_of_cache)
        after = {asked: fenced.send(url, asked[0], by=asked[1]) for asked in ASKED}
    if any(answer.status == 500 for answer in after.values()) and not _is_kept(stage):
        raise CannotAssess(f"{REPLACED}: what it would do without its server cannot be seen")
    for (operation, principal), answer in after.items():
        for problem in _problems(before[operation, principal], answer):
            yield f"{operation} asked by {principal} once the cache server has ended: {problem}"


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
