"""A course of a race's own, with nobody in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursegate.suites.concurrency.arena import Arena


def fresh_course(arena: Arena, lessons: int = 2, **values: Any) -> tuple[Any, list[Any]]:
    """A published course with one published module, and its lessons, open to everybody."""
    from django.utils import timezone

    course = arena.new(
        "courses.Course",
        title="A course for one race",
        category=arena.row("category-open"),
        is_published=True,
        is_draft=False,
        published_date=timezone.now(),
        **values,
    )
    module = arena.new("courses.Module", course=course, order=1, is_published=True)
    made = [
        arena.new("courses.Lesson", module=module, order=number + 1, access_level="guest")
        for number in range(lessons)
    ]
    return course, made


def enrolled(arena: Arena, name: str, course: Any) -> Any:
    """An active enrolment of an account of the world."""
    return arena.new("courses.Enrollment", user=arena.row(name), course=course, status="active")


def answered(given: Any) -> str:
    """What actions gave, in a few words."""
    return ", ".join(str(getattr(answer, "status", answer)) for answer in given)


def succeeded(given: Any) -> int:
    """How many requests were answered with success."""
    return sum(200 <= getattr(answer, "status", 0) < 300 for answer in given)


def stands(kept: Sequence[bool], given: Sequence[Any]) -> bool:
    """Whether what each request asked for is there just where it was answered with success, as one was (policy 14)."""
    return any(kept) and list(kept) == [succeeded([answer]) == 1 for answer in given]
