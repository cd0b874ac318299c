"""Into a course and out of it, twice at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, enrolled, fresh_course, succeeded
from coursegate.suites.concurrency.race import Scene, race

ENROLMENT, COURSE = "courses.Enrollment", "courses.Course"
# How a second enrolment is refused: 400 by the audit; a shop may call it a conflict.
REFUSED = frozenset({400, 409})
# How the first is answered: 201 by the audit; at the course's own addresses 200 is allowed, too.
ENROLLED = {
    "enrollments.create": frozenset({201}),
    "courses.enroll": frozenset({200, 201}),
    "course-enrollment.create": frozenset({200, 201}),
}
CROWD = 5
WAYS = {
    "enrollments": {"operations": ["enrollments.create"]},
    "courses-enroll": {"operations": ["courses.enroll"]},
    "two-ways": {"operations": ["enrollments.create", "course-enrollment.create"]},
}


@race("VIEW-16", watched=[ENROLMENT], operation="enrollments.create", cases=WAYS)
def enrolling_twice(arena: Arena, operations: Sequence[str]) -> Scene:
    """Of simultaneous enrolments of one learner in one course exactly one is made; the others are refused."""
    course, _ = fresh_course(arena)
    learner = arena.row("premium")
    ways = [operations[number % len(operations)] for number in range(CROWD)]

    def verify(given: Sequence[Any]) -> Iterator[str]:
        rows = arena.rows(ENROLMENT).filter(user=learner, course=course).exclude(status="unenrolled").count()
        if rows != 1:
            yield f"{rows} enrolments stand: {answered(given)}"
        statuses = [getattr(answer, "status", 0) for answer in given]
        refused = [status in REFUSED for status in statuses]
        made = [status in ENROLLED[way] for way, status in zip(ways, statuses, strict=False)]
        if sum(made) != 1 or sum(refused) != len(given) - 1:
            yield f"one is made (201, at the course 200 as well) and else 400 is promised, not {answered(given)}"

    def action(operation: str) -> Any:
        body = {"course_id": course.pk} if operation == "enrollments.create" else None
        return arena.request(operation, course.slug, by="premium", body=body)

    return Scene([action(way) for way in ways], verify)


@race("VIEW-14", "VIEW-16", watched=[ENROLMENT, "courses.Certificate"], operation="enrollments.unenroll")
def leaving_twice(arena: Arena) -> Scene:
    """Two simultaneous ends of one enrolment are answered like two in turn: it has ended, and its certificate is revoked."""
    course, _ = fresh_course(arena)
    enrolment = enrolled(arena, "premium", course)
    certificate = arena.new("courses.Certificate", enrollment=enrolment)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        status = arena.rows(ENROLMENT).filter(pk=enrolment.pk).values_list("status", flat=True).get()
        valid = arena.rows("courses.Certificate").filter(pk=certificate.pk, is_valid=True).exists()
        if status != "unenrolled" or valid:
            yield f"the enrolment is {status}, its certificate {'valid' if valid else 'revoked'}"
        # Whether to leave once more is a success that changes nothing or is refused, is the team's choice; not by chance.
        again = leave()
        may_leave_again = succeeded([again]) == 1
        if not succeeded(given) or (succeeded(given) > 1 and not may_leave_again):
            yield f"two in turn: one success, then {answered([again])}; at once: {answered(given)}"

    leave = arena.request("enrollments.unenroll", str(enrolment.pk), by="premium")
    return Scene([leave, leave, leave], verify)


def _counted(arena: Arena, course: Any) -> int:
    """How many learners a course says it has."""
    found = arena.rows(COURSE).filter(pk=course.pk).values_list("enrolled_students_count", flat=True)
    return int(found.get())


@race("SIG-01", watched=[ENROLMENT, COURSE], operation="enrollments.create")
def enrolling_side_by_side(arena: Arena) -> Scene:
    """Learners who enrol in one course at once are all counted."""
    course, _ = fresh_course(arena)
    learners = ("registered", "premium", "lapsed", "registered-bystander")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        counted = _counted(arena, course)
        if counted != succeeded(given) or succeeded(given) != len(given):
            yield f"{succeeded(given)} have enrolled, and the course says {counted}: {answered(given)}"

    actions = [
        arena.request("enrollments.create", by=name, body={"course_id": course.pk}) for name in learners
    ]
    return Scene(actions, verify)


@race("VIEW-16", "VIEW-13", watched=[COURSE, ENROLMENT], operation="courses.unpublish")
def enrolling_while_it_is_withdrawn(arena: Arena) -> Scene:
    """Who enrols while the course is withdrawn is enrolled and told so, or neither; the course counts as many as there are."""
    course, _ = fresh_course(arena)
    enrolled(arena, "lapsed", course)
    counts = _counted(arena, course) == 1  # where it counts nobody in turn either, that is SIG-01

    def verify(given: Sequence[Any]) -> Iterator[str]:
        rows = arena.rows(ENROLMENT).filter(course=course).count()
        if rows != 1 + succeeded(given[:1]):
            yield f"{rows - 1} enrolments were made, and the answer was {answered(given[:1])}"
        if counts and (counted := _counted(arena, course)) != rows:
            yield f"{rows} enrolments stand, and {counted} are counted"
        is_published = arena.rows(COURSE).filter(pk=course.pk).values_list("is_published", flat=True).get()
        if is_published is (succeeded(given[1:]) == 1) or not succeeded(given):
            yield f"is_published is {is_published}: {answered(given)}"

    enrol = arena.request("enrollments.create", by="premium", body={"course_id": course.pk})
    return Scene([enrol, arena.request("courses.unpublish", course.slug, by="staff")], verify)


@race("policy 14", watched=[COURSE, ENROLMENT], operation="courses.destroy")
def deleting_while_somebody_enrols(arena: Arena) -> Scene:
    """A course that is deleted while somebody enrols is gone and nobody is in it, or stays and has the learner.

    That somebody had just enrolled before it went is possible where deleting takes enrolments along (policy.yaml).
    """
    course, _ = fresh_course(arena)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        courses = arena.undeleted(COURSE).filter(pk=course.pk).count()
        rows = arena.rows(ENROLMENT).filter(course_id=course.pk).count()
        deleted, enrolled_in = (succeeded([answer]) for answer in given)
        if courses == deleted or courses != rows or rows > enrolled_in or not (deleted or enrolled_in):
            yield f"{courses} course and {rows} enrolments are there: {answered(given)}"

    delete = arena.request("courses.destroy", course.slug, by="staff")
    return Scene(
        [delete, arena.request("enrollments.create", by="premium", body={"course_id": course.pk})], verify
    )


@race("VIEW-14", "policy 14", watched=[ENROLMENT], operation="enrollments.unenroll")
def leaving_while_it_is_completed(arena: Arena) -> Scene:
    """A learner who leaves while the course is marked as completed has left, and holds no valid certificate."""
    course, _ = fresh_course(arena, has_certificate=True)
    enrolment = enrolled(arena, "premium", course)
    complete = _completion()

    def verify(given: Sequence[Any]) -> Iterator[str]:
        status = arena.rows(ENROLMENT).filter(pk=enrolment.pk).values_list("status", flat=True).get()
        valid = arena.rows("courses.Certificate").filter(enrollment=enrolment, is_valid=True).count()
        if succeeded(given[1:]) and (status != "unenrolled" or valid):
            yield f"the enrolment is {status} with {valid} valid certificates: {answered(given)}"

    leave = arena.request("enrollments.unenroll", str(enrolment.pk), by="premium")
    return Scene([lambda: complete(enrolment), leave], verify)


def _completion() -> Callable[[Any], Any]:
    """What marks an enrolment as completed, by its public name.

    Raises:
        NotApplicable: the target has none, or one that wants more than the enrolment.
    """
    complete: Callable[[Any], Any] | None = getattr(
        import_module("courses.signals"), "complete_course_enrollment", None
    )
    if not callable(complete) or not _takes_one(complete):
        raise NotApplicable("courses.signals has no complete_course_enrollment(enrollment)")
    return complete


def _takes_one(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        return False
    return True
