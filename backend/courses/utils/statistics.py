"""Numbers of a course and of a learner in it, computed from the rows.

Models are reached through their relations.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, Max, Q, Sum

from ..choices import EnrollmentStatus

COURSE_STATS_CACHE_TIMEOUT = 300
ANALYTICS_CACHE_TIMEOUT = 900
CACHE_KEYS = {"course_stats": "course_stats:{course_id}"}


def calculate_completion_percentage(completed_items: int, total_items: int) -> float:
    """0 to 100 with two decimals, 100 only when everything is done; 0 of nothing is 0."""
    if total_items <= 0 or completed_items <= 0:
        return 0.0
    if completed_items >= total_items:
        return 100.0
    return completed_items * 10_000 // total_items / 100


def calculate_course_duration(course: Any) -> int:
    """Minutes of all its lessons, published or not (policy 12)."""
    return course.modules.aggregate(total=Sum("lessons__duration_minutes"))["total"] or 0


def lesson_totals(enrollment: Any) -> tuple[int, int]:
    """Completed and all lessons of the published modules, whatever the learner's tier (policy 8, MOD-02).

    Always counted, never cached: a stale total would complete a course.
    """
    total = enrollment.course.modules.filter(is_published=True).aggregate(total=Count("lessons"))["total"]
    completed = enrollment.progress.filter(
        is_completed=True, lesson__module__is_published=True, lesson__module__course_id=enrollment.course_id
    ).count()
    return completed, total


def calculate_course_progress(enrollment: Any) -> int:
    """Whole percent of the course's lessons that the learner has completed, rounded down."""
    return int(calculate_completion_percentage(*lesson_totals(enrollment)))


def get_user_course_progress(user: Any, course: Any) -> dict[str, Any]:
    """Where the learner stands in the course; all zero and None without a current enrolment."""
    enrollment = None
    if user is not None and user.is_authenticated:
        enrollment = (
            course.enrollments.filter(user_id=user.pk).exclude(status=EnrollmentStatus.UNENROLLED).first()
        )
    completed, total = lesson_totals(enrollment) if enrollment else (0, 0)
    return {
        "is_enrolled": enrollment is not None,
        "status": enrollment.status if enrollment else None,
        "completed_lessons": completed,
        "total_lessons": total,
        "percentage": int(calculate_completion_percentage(completed, total)),
        "last_accessed": enrollment.last_accessed if enrollment else None,
    }


def update_course_analytics(course: Any) -> None:
    """Write the course's enrolment and rating counters from its rows, past save() and signals (SIG-01)."""
    enrolled = course.enrollments.aggregate(
        count=Count("pk", filter=Q(status__in=EnrollmentStatus.active_statuses())), last=Max("enrolled_date")
    )
    reviews = course.reviews.filter(is_approved=True).aggregate(average=Avg("rating"), count=Count("pk"))
    counters = {
        "enrolled_students_count": enrolled["count"],
        "last_enrollment_date": enrolled["last"],
        "avg_rating": Decimal(str(reviews["average"] or 0)).quantize(Decimal("0.01"), ROUND_HALF_UP),
        "total_reviews": reviews["count"],
    }
    type(course)._default_manager.filter(pk=course.pk).update(**counters)
    for name, value in counters.items():
        setattr(course, name, value)
    clear_course_caches(course.pk)


def _stats_key(course_id: int) -> str:
    return CACHE_KEYS["course_stats"].format(course_id=course_id)


def count_course_stats(course: Any) -> dict[str, Any]:
    """Counts over the whole course for its instructors and staff: not for learners (ARCH-04)."""
    content = course.modules.aggregate(
        modules=Count("pk", distinct=True), lessons=Count("lessons", distinct=True)
    )
    current = Q(status__in=EnrollmentStatus.active_statuses())
    learners = course.enrollments.aggregate(
        enrolled=Count("pk", filter=current),
        completed=Count("pk", filter=Q(status=EnrollmentStatus.COMPLETED)),
        average_progress=Avg("progress_percentage", filter=current),
    )
    return {**content, **learners, "duration_minutes": calculate_course_duration(course)}


def get_course_stats(course: Any) -> dict[str, Any]:
    """The same counts, cached."""
    key = _stats_key(course.pk)
    stats: dict[str, Any] | None = cache.get(key)
    if stats is None:
        stats = count_course_stats(course)
        cache.set(key, stats, COURSE_STATS_CACHE_TIMEOUT)
    return stats


def clear_course_caches(course_id: int) -> None:
    """Forget what is cached about the course here."""
    cache.delete(_stats_key(course_id))
