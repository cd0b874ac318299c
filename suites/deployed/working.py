"""A worker of the target's own queue, fed through a real broker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import Stage

BUSY = frozenset({409, 423})
SECONDS_TO_WORK = 60.0
_TICK = 1.6


@promised("SEC-04", operation="tasks.import_export")
def one_task_for_each_course(stage: Stage) -> Iterator[str]:
    """A task that waits for its worker keeps other tasks of its course out, and no others; done, it lets the next one in."""
    url = stage.serve()
    waiting = stage.queued()
    first = _export(stage, url, "course-open")
    if not 200 <= first < 300:
        yield f"an export of one's own course is refused: {first}"
        return
    if stage.queued() <= waiting:
        raise NotApplicable(
            "nothing waits in the broker: exports are done within their request, or by a thread"
        )
    second = _export(stage, url, "course-open")
    if second not in BUSY:
        yield f"a second export is promised a 409 or 423 while the first one waits, not {second}"
    if 200 <= (beside := _start(stage, url, "import", "course-open")) < 300:
        yield f"an import of the course is let in beside its export: {beside}"
    if not 200 <= (other := _export(stage, url, "course-draft")) < 300:
        yield f"another course's export is refused as well: {other}"
    stage.work()
    if not _eventually(stage, lambda: 200 <= _export(stage, url, "course-open") < 300):
        yield "after a worker was started, and had time to do all there was, the course is still held"


@promised("SIG-01", operation="reviews.create")
def a_worker_counts_a_review(stage: Stage) -> Iterator[str]:
    """A review is counted by the worker once it is committed."""
    url = stage.serve()
    before = _reviews(stage, url)
    body = {
        "course_id": stage.client.world.ids["course-open"],
        "rating": 4,
        "title": "A review",
        "content": "Words that are long enough for a review.",
    }
    answer = stage.send(url, "reviews.create", by="premium", body=body)
    if answer.status != 201:
        yield f"a learner's review is refused: {answer.summary}"
        return
    stage.work()
    # More than one, where nobody has counted since the world was built.
    if not _eventually(stage, lambda: _reviews(stage, url) > before):
        yield f"after a worker was started, and had time to do all there was, the course still has {before} reviews"


def _export(stage: Stage, url: str, course: str) -> int:
    return _start(stage, url, "export", course)


def _start(stage: Stage, url: str, action: str, course: str) -> int:
    example = stage.contract.api.operations["tasks.import_export"].bodies[action]
    body = {**example, "course": stage.client.world.lookups[course]["slug"]}
    return stage.send(url, "tasks.import_export", by="owner", body=body).status


def _reviews(stage: Stage, url: str) -> int:
    """How many reviews the course says that it has.

    Raises:
        CannotAsk: it says nothing of the kind.
    """
    answer = stage.send(url, "courses.retrieve", "course-open", by="premium")
    told = answer.json.get("total_reviews") if isinstance(answer.json, dict) else None
    if not isinstance(told, int):
        raise CannotAsk(f"how many reviews a course has is not told: {answer.summary}")
    return told


def _eventually(stage: Stage, holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold in time; once the worker has done all there was, it holds or never will."""
    until = time.monotonic() + SECONDS_TO_WORK
    while not (done := holds()) and time.monotonic() < until:
        if stage.has_worked():
            return holds()
        time.sleep(_TICK)
    return done
