"""`courses/views/draft_content.py`: what becomes of a lesson takes nothing else from those who learn."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

LESSON, ELSEWHERE = "lesson-guest", "module-unpublished"
KEPT = ("courses.Enrollment", "courses.Certificate")
DONE, LAST = range(200, 300), 77


def _keys(on: Probe, label: str, **chosen: Any) -> set[Any]:
    return set(on.rows(label).filter(**chosen).values_list("pk", flat=True))


@finding("policy 8", commits=True, kind=Kind.EFFECT)
def a_lesson_is_deleted_without_its_learners(on: Probe) -> None:
    """When a lesson is deleted that was a learner's last one, enrolments, certificates and other progress stay."""
    lesson = on.key(LESSON)
    on.rows("courses.Enrollment").filter(pk=on.key("enrollment-registered")).update(
        last_lesson_accessed_id=lesson
    )
    before = {label: _keys(on, label) for label in KEPT}
    progress = _keys(on, "courses.Progress") - _keys(on, "courses.Progress", lesson_id=lesson)

    answer = on.send("draft-content.destroy", LESSON, by="owner")
    if answer.status not in DONE:
        raise NotApplicable(f"a lesson that learners have begun is not deleted: {answer.summary}")

    gone = {label: len(keys - _keys(on, label)) for label, keys in before.items()}
    gone["courses.Progress"] = len(progress - _keys(on, "courses.Progress"))
    assert not any(gone.values()), f"with the lesson there are gone {gone}"


@finding("policy 8", commits=True, kind=Kind.EFFECT)
def a_lesson_is_moved_with_what_was_learned_of_it(on: Probe) -> None:
    """When a lesson is moved to another module of its course, what learners did in it stays."""
    lesson, module = on.key(LESSON), on.key(ELSEWHERE)
    before = _keys(on, "courses.Progress", lesson_id=lesson)

    on.target.change("courses.Lesson", lesson, {"module_id": module, "order": LAST})

    gone = before - _keys(on, "courses.Progress", lesson_id=lesson)
    assert not gone, f"{len(gone)} of {len(before)} rows of progress are gone"
