"""The minutes of modules and courses, which every lesson that comes or goes moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import fresh_course
from coursegate.suites.concurrency.race import Scene, race

COURSE, MODULE, LESSON = "courses.Course", "courses.Module", "courses.Lesson"


def _miscounted(arena: Arena, course: Any) -> Iterator[str]:
    """Whether the minutes of a course and its modules are those of their lessons."""
    lessons = list(
        arena.undeleted(LESSON).filter(module__course=course).values_list("module", "duration_minutes")
    )
    stored = [("the course", arena.rows(COURSE).get(pk=course.pk).duration_minutes, course.pk)]
    stored += [
        (f"module {row.order}", row.duration_minutes, row.pk)
        for row in arena.undeleted(MODULE).filter(course=course)
    ]
    for number, (name, minutes, key) in enumerate(stored):
        wanted = sum(length or 0 for module, length in lessons if not number or module == key)
        if (minutes or 0) != wanted:
            yield f"the lessons of {name} take {wanted} minutes, and {minutes} minutes are noted"


@race("policy 12", watched=[LESSON, MODULE])
def lessons_of_one_module(arena: Arena) -> Scene:
    """Lessons that are added to a module at once all count in its minutes, and in those of the course."""
    course, lessons = fresh_course(arena, lessons=1)
    added = [
        arena.unsaved(LESSON, module=lessons[0].module, order=10 + number, duration_minutes=7 + number)
        for number in range(4)
    ]

    def verify(_given: Sequence[Any]) -> Iterator[str]:
        yield from _miscounted(arena, course)

    return Scene([lesson.save for lesson in added], verify)


@race("policy 12", watched=[LESSON, MODULE])
def lessons_of_two_modules(arena: Arena) -> Scene:
    """Lessons that are added to different modules of a course at once all count in its minutes."""
    course, lessons = fresh_course(arena, lessons=1)
    other = arena.new(MODULE, course=course, order=2, is_published=True)
    added = [
        arena.unsaved(LESSON, module=module, order=10 + number, duration_minutes=7 + number)
        for number, module in enumerate([lessons[0].module, other] * 2)
    ]

    def verify(_given: Sequence[Any]) -> Iterator[str]:
        yield from _miscounted(arena, course)

    return Scene([lesson.save for lesson in added], verify)
