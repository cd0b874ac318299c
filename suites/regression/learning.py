"""A learner half through a course, and every way in which the lessons of that course change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from coursegate.harness.probing.probe import Probe

TEXT = "words that are long enough for any minimum"
COURSE = "course-in-inactive-category"


class Learning:
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

    def a_hidden_module(self) -> Any:
        return self.a_module("An unpublished one", published=False)

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


def _add_by_save(of: Learning) -> None:
    of.a_lesson(3)
    of.a_lesson(4)


def _add_in_bulk(of: Learning) -> None:
    of.on.model("courses.Lesson")._base_manager.bulk_create([of.unsaved_lesson(3), of.unsaved_lesson(4)])


def _delete(of: Learning) -> None:
    of.lessons[1].delete()


def _delete_in_bulk(of: Learning) -> None:
    of.on.rows("courses.Lesson").filter(pk=of.lessons[1].pk).delete()


def _a_newer_lesson(of: Learning) -> None:
    """A third lesson, made after those that change next, which the last recalculation has seen."""
    of.a_lesson(3)
    assert of.recalculated()[0] == 33, "one of three lessons is done"


def _delete_an_older_one(of: Learning) -> None:
    _a_newer_lesson(of)
    of.lessons[1].delete()


def _delete_an_older_one_in_bulk(of: Learning) -> None:
    _a_newer_lesson(of)
    _delete_in_bulk(of)


def _move_in_an_older_one_in_bulk(of: Learning) -> None:
    key = of.a_lesson(4, of.a_hidden_module()).pk
    _a_newer_lesson(of)
    of.on.rows("courses.Lesson").filter(pk=key).update(module=of.module)


def _move(of: Learning, number: int = 1) -> None:
    lesson = of.lessons[number]
    lesson.module = of.a_hidden_module()
    lesson.save()


def _move_in_bulk(of: Learning) -> None:
    of.on.rows("courses.Lesson").filter(pk=of.lessons[1].pk).update(module=of.a_hidden_module())


def _move_the_done_one_elsewhere(of: Learning) -> None:
    lesson = of.lessons[0]
    lesson.module = of.on.row("module-open")
    lesson.order = 1000  # a place that is free there
    lesson.save()


def _second_module(of: Learning, *, published: bool) -> Any:
    """A module with two lessons more, which the last recalculation has seen as it is."""
    module = of.a_module("A second one", published=published)
    for order in (1, 2):
        of.a_lesson(order, module)
    assert of.recalculated()[0] == (25 if published else 50), (
        "lessons of published modules count, and only those"
    )
    return module


def _publish(of: Learning, *, published: bool = True) -> None:
    module = _second_module(of, published=not published)
    module.is_published = published
    module.save()


def _publish_in_bulk(of: Learning, *, published: bool = True) -> None:
    module = _second_module(of, published=not published)
    of.on.rows("courses.Module").filter(pk=module.pk).update(is_published=published)


CHANGES: dict[str, tuple[Callable[[Learning], None], int]] = {
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
    "module-unpublished": (partial(_publish, published=False), 50),
    "module-unpublished-in-bulk": (partial(_publish_in_bulk, published=False), 50),
    "done-moved-out": (partial(_move, number=0), 0),
    "done-moved-to-another-course": (_move_the_done_one_elsewhere, 0),
}
