"""`courses/models/enrolment.py`: progress counts the lessons that there are now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

TEXT = "words that are long enough for any minimum"
COURSE = "course-in-inactive-category"


class _Learning:
    """A learner in a course of two lessons, one of them completed."""

    def __init__(self, on: Probe) -> None:
        self.on = on
        self.module = self.a_module("The module")
        self.lessons = [self.a_lesson(order) for order in (1, 2)]
        enrolment = on.model("courses.Enrollment")(
            user=on.row("premium"), course=self.module.course, status="active"
        )
        enrolment.save()
        self.key = enrolment.pk
        self.complete(0)

    def a_module(self, title: str, *, published: bool = True) -> Any:
        course = self.on.row(COURSE)
        module = self.on.model("courses.Module")(course=course, title=title, is_published=published)
        module.save()
        return module

    def a_lesson(self, order: int, module: Any = None) -> Any:
        lesson = self.unsaved_lesson(order, module)
        lesson.save()
        return lesson

    def unsaved_lesson(self, order: int, module: Any = None) -> Any:
        return self.on.model("courses.Lesson")(
            module=module or self.module,
            title=f"Lesson {order}",
            content=TEXT,
            order=order,
            access_level="registered",
        )

    def complete(self, number: int) -> None:
        """Complete a lesson as a learner does: the progress row that there may be is saved."""
        progress, _ = self.on.model("courses.Progress")._base_manager.get_or_create(
            enrollment_id=self.key, lesson=self.lessons[number]
        )
        progress.is_completed, progress.progress_percentage = True, 100
        progress.save()

    def recalculated(self) -> tuple[int, str]:
        """Percentage and status of the enrolment after the next recalculation."""
        self.enrolment.update_progress()
        found = self.enrolment
        return int(found.progress_percentage), str(found.status)

    @property
    def enrolment(self) -> Any:
        return self.on.rows("courses.Enrollment").get(pk=self.key)


def _add_by_save(of: _Learning) -> None:
    of.a_lesson(3)
    of.a_lesson(4)


def _add_in_bulk(of: _Learning) -> None:
    of.on.model("courses.Lesson")._base_manager.bulk_create([of.unsaved_lesson(3), of.unsaved_lesson(4)])


def _delete(of: _Learning) -> None:
    of.lessons[1].delete()


def _delete_in_bulk(of: _Learning) -> None:
    of.on.rows("courses.Lesson").filter(pk=of.lessons[1].pk).delete()


def _a_newer_lesson(of: _Learning) -> None:
    """A third lesson, made after those that change next, which the last recalculation has seen."""
    of.a_lesson(3)
    assert of.recalculated()[0] == 33, "one of three lessons is done"


def _delete_an_older_one(of: _Learning) -> None:
    _a_newer_lesson(of)
    of.lessons[1].delete()


def _delete_an_older_one_in_bulk(of: _Learning) -> None:
    _a_newer_lesson(of)
    _delete_in_bulk(of)


def _move_in_an_older_one_in_bulk(of: _Learning) -> None:
    hidden = of.a_module("An unpublished one", published=False)
    key = of.a_lesson(4, hidden).pk
    _a_newer_lesson(of)
    of.on.rows("courses.Lesson").filter(pk=key).update(module=of.module)


def _move(of: _Learning) -> None:
    lesson = of.lessons[1]
    lesson.module = of.a_module("An unpublished one", published=False)
    lesson.save()


def _move_in_bulk(of: _Learning) -> None:
    hidden = of.a_module("An unpublished one", published=False)
    of.on.rows("courses.Lesson").filter(pk=of.lessons[1].pk).update(module=hidden)


def _move_the_done_one(of: _Learning) -> None:
    lesson = of.lessons[0]
    lesson.module = of.a_module("An unpublished one", published=False)
    lesson.save()


def _move_the_done_one_elsewhere(of: _Learning) -> None:
    lesson = of.lessons[0]
    lesson.module = of.on.row("module-open")
    lesson.order = 1000  # a place that is free there
    lesson.save()


def _second_module(of: _Learning, *, published: bool) -> Any:
    """A module with two lessons more, which the last recalculation has seen as it is."""
    module = of.a_module("A second one", published=published)
    for order in (1, 2):
        of.a_lesson(order, module)
    assert of.recalculated()[0] == (25 if published else 50), (
        "lessons of published modules count, and only those"
    )
    return module


def _publish(of: _Learning) -> None:
    module = _second_module(of, published=False)
    module.is_published = True
    module.save()


def _publish_in_bulk(of: _Learning) -> None:
    module = _second_module(of, published=False)
    of.on.rows("courses.Module").filter(pk=module.pk).update(is_published=True)


def _unpublish(of: _Learning) -> None:
    module = _second_module(of, published=True)
    module.is_published = False
    module.save()


def _unpublish_in_bulk(of: _Learning) -> None:
    module = _second_module(of, published=True)
    of.on.rows("courses.Module").filter(pk=module.pk).update(is_published=False)


CHANGES: dict[str, tuple[Callable[[_Learning], None], int]] = {
    "added": (_add_by_save, 25),
    "added-in-bulk": (_add_in_bulk, 25),
    "deleted": (_delete, 100),
    "deleted-in-bulk": (_delete_in_bulk, 100),
    "older-deleted": (_delete_an_older_one, 50),
    "older-deleted-in-bulk": (_delete_an_older_one_in_bulk, 50),
    "older-moved-in-in-bulk": (_move_in_an_older_one_in_bulk, 25),
    "moved-out": (_move, 100),
    "moved-out-in-bulk": (_move_in_bulk, 100),
    "module-published": (_publish, 25),
    "module-published-in-bulk": (_publish_in_bulk, 25),
    "module-unpublished": (_unpublish, 50),
    "module-unpublished-in-bulk": (_unpublish_in_bulk, 50),
    "done-moved-out": (_move_the_done_one, 0),
    "done-moved-to-another-course": (_move_the_done_one_elsewhere, 0),
}


@finding("MOD-02", commits=True, cases={name: {"change": name} for name in CHANGES})
def progress_counts_the_lessons_of_now(on: Probe, change: str) -> None:
    """After any change of lessons or modules, however written, the next recalculation uses the present number of lessons."""
    of = _Learning(on)
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
    of = _Learning(on)
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
    of = _Learning(on)
    enrolment = of.enrolment

    def recalculated() -> int:
        enrolment.update_progress()
        # It may be another object that was locked and saved.
        enrolment.refresh_from_db(fields=["progress_percentage"])
        return int(enrolment.progress_percentage)

    assert recalculated() == 50, "one of two lessons is done"

    _add_in_bulk(of)

    assert recalculated() == 25, "by a former count of lessons"


LEVELS: dict[str, dict[str, Any]] = {
    level: {"columns": {"access_level": level}} for level in ("guest", "registered", "premium", "enterprise")
}
LEVELS["preview"] = {"columns": {"is_free_preview": True}}


@finding("MOD-02", commits=True, cases=LEVELS)
def lessons_of_every_level_count(on: Probe, columns: dict[str, Any]) -> None:
    """A lesson counts in the progress of a course, whatever level it takes to open it, and if it takes none."""
    of = _Learning(on)
    lesson = of.a_lesson(3)
    on.rows("courses.Lesson").filter(pk=lesson.pk).update(**columns)

    assert of.recalculated()[0] == 33, f"one of three lessons is done, and the third one has {columns}"


@finding("MOD-02", commits=True)
def completing_everything_completes_the_course(on: Probe) -> None:
    """Who does the last lesson that there is completes the course."""
    of = _Learning(on)

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
    of = _Learning(on)
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
    of = _Learning(on)
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
