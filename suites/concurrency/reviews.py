"""Reviews: two by one learner, and many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, enrolled, fresh_course, succeeded
from coursegate.suites.concurrency.race import Scene, race

REVIEW, COURSE = "courses.Review", "courses.Course"
WORDS = "These words are long enough for a review."


def _miscounted(arena: Arena, course: Any) -> Iterator[str]:
    """Whether the totals of a course are those of its reviews; one that waits for a moderator does not count."""
    approved = arena.undeleted(REVIEW).filter(course=course, is_approved=True)
    ratings = list(approved.values_list("rating", flat=True))
    stored = arena.rows(COURSE).filter(pk=course.pk).values("total_reviews", "avg_rating").get()
    average = Decimal(sum(ratings)) / max(1, len(ratings))
    wanted = {"total_reviews": len(ratings), "avg_rating": average.quantize(Decimal("0.01"), ROUND_HALF_UP)}
    if stored != wanted:
        yield (
            f"the reviews are {ratings}; the course says {stored['total_reviews']} with {stored['avg_rating']}"
        )


@race("VIEW-16", "SIG-01", watched=[REVIEW], operation="reviews.create")
def two_reviews_by_one_learner(arena: Arena) -> Scene:
    """Of two reviews that a learner sends at once one is stored and the other refused; the course counts one."""
    course, _ = fresh_course(arena)
    enrolled(arena, "premium", course)
    arena.new(REVIEW, user=arena.row("registered"), course=course, rating=1, content=WORDS)
    counts = not list(_miscounted(arena, course))  # where it counts none in turn either, that is SIG-01

    def verify(given: Sequence[Any]) -> Iterator[str]:
        rows = arena.undeleted(REVIEW).filter(course=course, user=arena.row("premium")).count()
        if rows != 1 or succeeded(given) != 1:
            yield f"{rows} reviews stand: {answered(given)}"
        yield from _miscounted(arena, course) if counts else ()

    def send(rating: int) -> Any:
        body = {
            "course_id": course.pk,
            "course": course.pk,
            "rating": rating,
            "title": "A review",
            "content": WORDS,
        }
        return arena.request("reviews.create", by="premium", body=body)

    return Scene([send(rating) for rating in (5, 3, 4, 2)], verify)


@race("SIG-01", watched=[REVIEW, COURSE])
def reviews_by_several(arena: Arena) -> Scene:
    """Reviews that are saved and deleted at once, each in a transaction, all count, and nobody waits for ever."""
    from django.db import transaction

    course, _ = fresh_course(arena)
    names = ("registered", "premium", "lapsed", "registered-bystander")
    old = arena.new(REVIEW, user=arena.row("premium-bystander"), course=course, rating=1, content=WORDS)
    new = [
        arena.unsaved(REVIEW, user=arena.row(name), course=course, rating=rating, content=WORDS)
        for rating, name in enumerate(names, 2)
    ]

    def verify(_given: Sequence[Any]) -> Iterator[str]:
        yield from _miscounted(arena, course)

    def within(action: Any) -> Any:
        def run() -> None:
            with transaction.atomic():
                action()

        return run

    return Scene([within(new[0].save), within(old.delete), *(within(row.save) for row in new[1:])], verify)


@race("SIG-01", watched=[COURSE, REVIEW, "courses.Enrollment"], operation="enrollments.create")
def a_review_while_somebody_enrols(arena: Arena) -> Scene:
    """A review and an enrolment at once are both counted."""
    course, _ = fresh_course(arena)
    review = arena.unsaved(REVIEW, user=arena.row("registered"), course=course, rating=4, content=WORDS)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        counted = (
            arena.rows(COURSE).filter(pk=course.pk).values_list("enrolled_students_count", flat=True).get()
        )
        if counted != 1:
            yield f"one has enrolled ({answered(given[:1])}) and {counted} are counted"
        yield from _miscounted(arena, course)

    enrol = arena.request("enrollments.create", by="premium", body={"course_id": course.pk})
    return Scene([enrol, review.save], verify)
