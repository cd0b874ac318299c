"""`courses/models/enrolment.py`: progress counts the lessons that there are now."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.learning import CHANGES, COURSE, Learning


@finding("MOD-02", commits=True, cases={name: {"change": name} for name in CHANGES})
def progress_counts_the_lessons_of_now(on: Probe, change: str) -> None:
    """After any change of lessons or modules, however written, the next recalculation uses the present number of lessons."""
    of = Learning(on)
    apply, wanted = CHANGES[change]
    assert of.recalculated()[0] == 50, "one of two lessons is done"

    apply(of)
    found = of.recalculated()[0]

    assert found == wanted, f"{found} % instead of {wanted} %, by a former count of lessons"


@finding(
    "MOD-02",
    commits=True,
    cases={
        "": {"change": "added-in-bulk"},
        **{name: {"change": name} for name in ("module-published", "module-published-in-bulk")},
    },
)
def nobody_completes_a_course_by_a_former_count(on: Probe, change: str) -> None:
    """Who has done all lessons that there used to be has not completed a course that has more by now."""
    of = Learning(on)
    apply, percentage = CHANGES[change]
    assert of.recalculated() == (50, "active")
    apply(of)

    of.complete(1)

    assert of.enrolment.status == "active", f"{of.enrolment.status} by a former count of lessons"
    assert of.recalculated() == (2 * percentage, "active")
    assert of.enrolment.completion_date is None


@finding("MOD-02", commits=True)
def an_enrolment_in_hand_counts_anew(on: Probe) -> None:
    """An enrolment that has counted before, and is recalculated without being read again, counts the lessons of now."""
    of = Learning(on)
    enrolment = of.enrolment

    def recalculated() -> int:
        enrolment.update_progress()
        # It may be another object that was locked and saved.
        enrolment.refresh_from_db(fields=["progress_percentage"])
        return int(enrolment.progress_percentage)

    assert recalculated() == 50, "one of two lessons is done"

    CHANGES["added-in-bulk"][0](of)

    assert recalculated() == 25, "by a former count of lessons"


LEVELS: dict[str, dict[str, Any]] = {
    level: {"columns": {"access_level": level}} for level in ("guest", "registered", "premium", "enterprise")
}
LEVELS["preview"] = {"columns": {"is_free_preview": True}}


@finding("MOD-02", commits=True, cases=LEVELS)
def lessons_of_every_level_count(on: Probe, columns: dict[str, Any]) -> None:
    """A lesson counts in the progress of a course, whatever level it takes to open it, and if it takes none."""
    of = Learning(on)
    lesson = of.a_lesson(3)
    on.rows("courses.Lesson").filter(pk=lesson.pk).update(**columns)

    assert of.recalculated()[0] == 33, f"one of three lessons is done, and the third one has {columns}"


@finding("MOD-02", commits=True)
def completing_everything_completes_the_course(on: Probe) -> None:
    """Who does the last lesson that there is completes the course."""
    of = Learning(on)

    of.complete(1)

    assert of.recalculated() == (100, "completed")


@finding(
    "MOD-02",
    commits=True,
    cases={
        "": {"change": "added-in-bulk"},
        **{name: {"change": name} for name in CHANGES if name.startswith("done-")},
    },
)
def the_answer_counts_the_lessons_of_now(on: Probe, change: str) -> None:
    """The learner's enrolment is answered with a percentage of the lessons that there are now."""
    of = Learning(on)
    apply, wanted = CHANGES[change]
    before = on.send("enrollments.retrieve", str(of.key), by="premium")
    apply(of)
    of.recalculated()

    after = on.send("enrollments.retrieve", str(of.key), by="premium")

    assert before.json["progress_percentage"] == 50
    assert after.json["progress_percentage"] == wanted


@finding(
    "MOD-02",
    commits=True,
    cases={
        "": {"change": "added-in-bulk"},
        **{name: {"change": name} for name in ("module-published-in-bulk", "module-unpublished-in-bulk")},
    },
)
def the_page_of_a_course_counts_the_same_lessons(on: Probe, change: str) -> None:
    """The page of a course tells its learner a percentage of the lessons of its published modules, as they are now."""
    of = Learning(on)
    apply, wanted = CHANGES[change]
    before = _on_the_page(on)
    apply(of)
    of.recalculated()

    after = _on_the_page(on)

    assert set(before.values()) == {50}, f"one of two lessons is done, and the page tells {before}"
    assert set(after.values()) == {wanted}, f"the page tells {after}, not {wanted} %"


def _on_the_page(on: Probe) -> dict[str, int]:
    """Every percentage that the page of the course tells its learner about themselves, by its key."""
    page = on.send("courses.retrieve", COURSE, by="premium")
    assert page.status == 200
    shown = page.json.get("user_progress") or {}
    told = {
        name: int(value)
        for name, value in shown.items()
        if "percent" in name.lower() and isinstance(value, int | float)
    }
    if not told:
        raise NotApplicable("the page of a course tells no percentage of its own")
    return told
