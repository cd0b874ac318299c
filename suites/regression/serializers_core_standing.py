"""`courses/serializers/core.py`: what a lesson or a course says of one's own standing is about whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coursegate.harness.client import NotApplicable, rows_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

# Who asks, for which lesson, and how far the world says they have come there.
STANDING = {
    "done": ("registered", "lesson-registered", True, 100),
    "begun": ("registered", "lesson-guest", False, 40),
    "not-enrolled": ("owner", "lesson-registered", False, 0),
    "without-an-account": ("guest", "lesson-guest", False, 0),
}


def _cases(table: Mapping[str, tuple[Any, ...]], *names: str) -> dict[str, dict[str, Any]]:
    """The rows of a table as arguments of these names."""
    return {case: dict(zip(names, values, strict=True)) for case, values in table.items()}


@finding(
    "COMPAT-01",
    "VIEW-15",
    needs="http",
    cases=_cases(STANDING, "principal", "lesson", "done", "percentage"),
)
def a_lesson_says_how_far_one_has_come(
    on: Probe, principal: str, lesson: str, done: bool, percentage: int
) -> None:
    """A lesson says what its reader has done of it: nothing, where they have not begun, whatever others did."""
    shown = on.send("lessons.retrieve", lesson, by=principal).json

    assert bool(shown["is_completed"]) is done
    assert float(shown["progress_percentage"] or 0) == percentage


# Who asks, of which course, and the enrolment in it that is theirs; others are enrolled in each of these courses.
ENROLLED = {
    "enrolled-first": ("registered", "course-open", "enrollment-registered"),
    "enrolled-later": ("premium", "course-open", "enrollment-premium"),
    "in-no-course": ("owner", "course-open", ""),
    "in-another-course": ("registered", "course-featured", ""),
    "without-an-account": ("guest", "course-open", ""),
}


@finding(
    "COMPAT-01",
    needs="http",
    cases=_cases(ENROLLED, "principal", "course", "own"),
)
def a_course_says_whether_its_reader_is_enrolled(on: Probe, principal: str, course: str, own: str) -> None:
    """A course, by itself and in the list, says whether its reader is enrolled, and tells them of no other enrolment."""
    listed = rows_of(on.send("courses.list", by=principal, query="page_size=100")) or []
    rows = [row for row in listed if row["id"] == on.key(course)]
    page = on.send("courses.retrieve", course, by=principal).json

    assert rows, f"the list does not hold {course}"
    for row, where in ((rows[0], "in the list"), (page, "by itself")):
        said = row.get("is_enrolled")
        assert said is bool(own) or (said is None and not own), f"{where} the course says {said}"
    told = page.get("enrollment_info") or {}
    if own:
        assert told, "of their enrolment the course says nothing"
        assert told.get("id", on.key(own)) == on.key(own), "the enrolment is somebody else's"
    else:  # that there is none may be said in words
        says = any(told.get(key) for key in ("id", "is_enrolled", "status"))
        assert not says, f"of their enrolment the course says {told}"


# Who asks, and where lessons or courses stand in rows of something else.
NESTED = {
    f"{operation}/{by}": {"operation": operation, "subject": subject, "by": by}
    for operation, subject in (
        ("progress.list", ""),
        ("notes.list", ""),
        ("enrollments.list", ""),
        ("course-progress.retrieve", "course-open"),
    )
    for by in ("registered", "premium")
}


@finding("policy 5", needs="http", cases=NESTED)
def a_nested_row_opens_like_itself(on: Probe, operation: str, subject: str, by: str) -> None:
    """A lesson or a course inside something else is as open, and counts as much, as its reader is shown by itself."""
    answer = on.send(operation, subject, by=by)
    assert answer.status == 200
    asked = {
        "is_restricted": ("lessons.retrieve", on.world.rows_of("courses.Lesson")),
        "lesson_count": ("courses.retrieve", on.world.rows_of("courses.Course")),
    }
    told: list[str] = []
    compared = 0
    for row in answer.objects:
        for key, (alone, names) in asked.items():
            if key not in row or (name := names.get(row.get("id"))) is None:
                continue
            compared += 1
            shown = on.send(alone, name, by=by)
            if shown.status == 200 and shown.json.get(key, row[key]) != row[key]:
                told.append(f"{name}: {key} is {row[key]}, and {shown.json[key]} by itself")
    if not compared:
        raise NotApplicable("no lesson inside says whether it is open, and no course how many lessons it has")

    assert told == []
