"""Tasks that import a course: what they store."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.markup import active_markup, unbalanced_tags
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.started_otherwise import HOSTILE

TASK, COURSE = "tasks.import_export", "course-draft"
STARTED = frozenset({200, 201, 202})
REFUSED, DENIED = frozenset({400, 422}), 403
LESSON_FIELDS = ("content", "guest_content", "registered_content")
WORDS = "A description that is long enough for every minimum length that a model may ask for."
HARMLESS = "<h2>A heading</h2><p>One <strong>bold</strong> and <em>slanted</em> word.</p>"


def task_body(on: Probe, action: str, course: str) -> dict[str, Any]:
    """What starts an export or an import of a course, as the contract gives an example of it."""
    return {**on.contract.api.operations[TASK].bodies[action], "course": on.named(course, "slug")}


def check_it_starts(answer: Answer, action: str) -> None:
    """A task that is started when no other one runs; otherwise there is nothing to ask about.

    Raises:
        NotApplicable: the backend has no such task, takes no import as the contract writes one, or has one that is not for
            whoever leads a course: another task than that of the contract.
        CannotAsk: it has, and does not start it even when nobody else does, as where its lock is in a Redis of its own.
    """
    check_routed(TASK, answer)
    if action == "import" and answer.status in REFUSED:
        raise NotApplicable(f"the backend takes no import in the form of the contract: {answer.summary}")
    if answer.status == DENIED:
        raise NotApplicable(
            f"whoever leads a course starts no {action}: the task at this path is another one; say so under [unsupported]"
        )
    if answer.status not in STARTED:
        raise CannotAsk(f"an {action} is not started: {answer.summary}{_without_redis(answer)}")


def _without_redis(answer: Answer) -> str:
    """What may be behind a failure of a backend that is told of a Redis: here nothing but Django's cache is replaced."""
    from django.conf import settings

    if answer.status < 500 or not getattr(settings, "REDIS_URL", ""):
        return ""
    return (
        "; if it asks the Redis at REDIS_URL by a client of its own, there is none in this process: the room `deployed` "
        "gives it one"
    )


@finding("SEC-01", kind=Kind.LEAK, writes=True)
def what_is_imported_is_made_harmless(on: Probe) -> None:
    """HTML that a course brings along when it is imported is stored with its formatting, and nothing in it runs."""
    kept = _imported(on, HARMLESS)
    assert WORDS in kept.pop("description")
    assert kept == dict.fromkeys(LESSON_FIELDS, HARMLESS), f"formatting is stored as {kept}"

    for field, shown in _imported(on, HOSTILE).items():
        assert active_markup(shown) == [], f"{field} is shown as {shown!r}"
        assert field == "description" or unbalanced_tags(shown) == [], f"{field} is shown as {shown!r}"


@finding("policy 4", kind=Kind.LEAK, writes=True)
def what_is_imported_keeps_its_level(on: Probe) -> None:
    """A lesson that was for premium readers where it was exported is for nobody else where it is imported."""
    for level in ("premium", "guest"):
        _, shown = _brought(on, {"access_level": level})
        assert shown["access_level"] == level, f"a lesson for {level} is imported for {shown['access_level']}"


@finding("MOD-05", writes=True)
def what_is_imported_counts_from_one(on: Probe) -> None:
    """The first lesson of a module that is imported has place 1 there, as it has where lessons are made one by one."""
    _, shown = _brought(on, {})

    assert shown["order"] == 1


def _imported(on: Probe, text: str) -> dict[str, str]:
    """How its owner is shown the text of a module and a lesson that were imported; nothing where they were refused."""
    lesson, module = dict.fromkeys(LESSON_FIELDS, text), {"description": WORDS + text}
    row, shown = _brought(on, lesson, module, may_be_refused=text == HOSTILE)
    if not row:
        return {}
    return {"description": str(row["description"]), **{field: str(shown[field]) for field in LESSON_FIELDS}}


def _brought(
    on: Probe, lesson: dict[str, Any], module: dict[str, Any] | None = None, *, may_be_refused: bool = False
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A module and its lesson as their owner is shown them, once they were imported; nothing where they were refused.

    Args:
        lesson, module: what they have besides, or otherwise than in the contract's example.

    Raises:
        NotApplicable: there is no such task, or it takes no import as the contract writes one.
        CannotAsk: nothing is there when the request has been answered.
    """
    body = task_body(on, "import", COURSE)
    known = body["content"]["modules"][0]
    sent = {**known, **(module or {}), "lessons": [{**known["lessons"][0], **lesson}]}
    body["content"] = {**body["content"], "modules": [sent]}
    with on.target.undone():
        answer = on.send(TASK, by="owner", body=body)
        if may_be_refused and answer.status in REFUSED:
            return {}, {}
        check_it_starts(answer, "import")
        course = on.send("courses.retrieve", COURSE, by="owner").json
        row = next((row for row in course["modules"] if row["title"] == sent["title"]), None)
        if row is None:
            raise CannotAsk("the import was not done within its request: no module of it is there")
        return row, on.send("draft-content.retrieve", str(row["lessons"][0]["id"]), by="owner").json
