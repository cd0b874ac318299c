"""Progress: written from two pages at once, and while the course grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, enrolled, fresh_course, stands, succeeded
from coursegate.suites.concurrency.race import Scene, race

ENROLMENT, PROGRESS, LESSON = "courses.Enrollment", "courses.Progress", "courses.Lesson"


def _done(arena: Arena, lesson: Any) -> Any:
    body = {"lesson_id": lesson.pk, "is_completed": True}
    return arena.request("progress.create", by="premium", body=body)


def _percentage(arena: Arena, enrolment: Any) -> int:
    found: int = (
        arena.rows(ENROLMENT).filter(pk=enrolment.pk).values_list("progress_percentage", flat=True).get()
    )
    return found


@race("MOD-02", "CONST-02", watched=[PROGRESS, ENROLMENT], operation="progress.create")
def completing_two_lessons(arena: Arena) -> Scene:
    """Who completes the last two lessons at once has completed the course, with one certificate."""
    course, lessons = fresh_course(arena, has_certificate=True)
    enrolment = enrolled(arena, "premium", course)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        stored = arena.rows(ENROLMENT).filter(pk=enrolment.pk).values("status", "progress_percentage").get()
        certificates = arena.rows("courses.Certificate").filter(enrollment=enrolment).count()
        if succeeded(given) != len(given):
            yield f"a write was refused: {answered(given)}"
        elif stored != {"status": "completed", "progress_percentage": 100}:
            yield f"all lessons are completed, and the enrolment is {stored['status']} at {stored['progress_percentage']} %"
        elif certificates != 1:
            yield f"there are {certificates} certificates"

    return Scene([_done(arena, lesson) for lesson in lessons], verify)


@race("MOD-02", watched=[PROGRESS, ENROLMENT, LESSON], operation="progress.create")
def a_lesson_added_meanwhile(arena: Arena) -> Scene:
    """A lesson that is added while progress is written counts in the next recalculation."""
    course, lessons = fresh_course(arena, lessons=1)
    enrolment = enrolled(arena, "premium", course)
    added = arena.unsaved(LESSON, module=lessons[0].module, order=9, access_level="guest")
    again = arena.request(
        "progress.create", by="premium", body={"lesson_id": lessons[0].pk, "time_spent": 60}
    )

    def verify(_given: Sequence[Any]) -> Iterator[str]:
        answer = again()
        if (found := _percentage(arena, enrolment)) != 50:
            yield f"1 of 2 lessons is completed, and after {answered([answer])} progress is {found} %"

    return Scene([_done(arena, lessons[0]), added.save], verify)


@race("MOD-02", watched=[PROGRESS], operation="progress.partial_update")
def two_columns_of_one_row(arena: Arena) -> Scene:
    """Of two pages that write different columns of one progress row neither undoes the other; one may be refused."""
    course, lessons = fresh_course(arena)
    enrolment = enrolled(arena, "premium", course)
    row, _ = arena.model(PROGRESS)._base_manager.get_or_create(enrollment=enrolment, lesson=lessons[0])

    def verify(given: Sequence[Any]) -> Iterator[str]:
        stored = arena.rows(PROGRESS).filter(pk=row.pk).values("is_completed", "time_spent").get()
        kept = [stored["time_spent"] == 120, stored["is_completed"]]
        if not stands(kept, given):
            yield f"is_completed is {stored['is_completed']}, time_spent {stored['time_spent']}: {answered(given)}"

    def patch(**body: Any) -> Any:
        return arena.request("progress.partial_update", str(row.pk), by="premium", body=body)

    return Scene([patch(time_spent=120), patch(is_completed=True)], verify)
