"""Numbers for those who teach: one course, or all of their own. People appear in none of them (policy 6).

Each report takes the same number of queries, however many courses, lessons and learners there are.
"""

from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from .choices import EnrollmentStatus
from .constants import MAX_RATING, MIN_RATING
from .models import AssessmentAttempt, Course, Lesson
from .utils import calculate_completion_percentage
from .utils.statistics import count_course_stats
from .viewer import Viewer
from .visibility import with_outline_counts

IN_COURSE = EnrollmentStatus.active_statuses()


def course_report(course: Course) -> dict[str, Any]:
    """How the course's lessons, assessments and reviews are doing."""
    stats = count_course_stats(course)
    return {
        "course": course,
        "learners": {
            "enrolled": stats["enrolled"],
            "completed": stats["completed"],
            "average_progress": _rounded(stats["average_progress"]),
            "completion_rate": calculate_completion_percentage(stats["completed"], stats["enrolled"]),
        },
        "content": {name: stats[name] for name in ("modules", "lessons", "duration_minutes")},
        "lessons": list(_lessons(course)),
        "assessments": _assessments(course),
        "reviews": _reviews(course),
        "instructors": course.get_instructors(),
        "generated_at": timezone.now(),
    }


def teacher_report(viewer: Viewer) -> dict[str, Any]:
    """The courses the viewer teaches; learners are counted where the viewer may look at them (policy 6)."""
    current = Q(enrollments__status__in=IN_COURSE)
    taught = Course.objects.filter(pk__in=viewer.courses_taught).annotate(
        enrolled=Count("enrollments", filter=current),
        completed=Count("enrollments", filter=Q(enrollments__status=EnrollmentStatus.COMPLETED)),
        average_progress=Avg("enrollments__progress_percentage", filter=current),
    )
    courses: list[Any] = list(with_outline_counts(taught, viewer).order_by("-created_date", "pk"))
    counted = [course for course in courses if viewer.may("can_view_analytics", course.pk)]
    for course in courses:
        course.learners = _learners(course) if course in counted else None
    published = sum(course.is_published for course in courses)
    return {
        "courses": courses,
        "totals": {
            "courses": len(courses),
            "published": published,
            "drafts": len(courses) - published,
            "enrolled": sum(course.enrolled for course in counted),
            "completed": sum(course.completed for course in counted),
            "reviews": sum(course.total_reviews for course in courses),
        },
        "generated_at": timezone.now(),
    }


def _learners(course: Any) -> dict[str, Any]:
    return {
        "enrolled": course.enrolled,
        "completed": course.completed,
        "average_progress": _rounded(course.average_progress),
        "completion_rate": calculate_completion_percentage(course.completed, course.enrolled),
    }


def _lessons(course: Course) -> QuerySet[Any, Any]:
    current = Q(progress_records__enrollment__status__in=IN_COURSE)
    # Every learner has a row for every lesson; one that was opened shows it.
    opened = Q(progress_records__progress_percentage__gt=0) | Q(progress_records__time_spent__gt=0)
    rows = Lesson.objects.filter(module__course=course).annotate(
        started=Count("progress_records", filter=current & opened),
        completed=Count("progress_records", filter=current & Q(progress_records__is_completed=True)),
        time_spent=Coalesce(Sum("progress_records__time_spent", filter=current), 0),
    )
    return rows.order_by("module__order", "order", "pk").values(
        "id", "title", "started", "completed", "time_spent"
    )


def _assessments(course: Course) -> dict[str, Any]:
    attempts = AssessmentAttempt.objects.filter(assessment__lesson__module__course=course, is_completed=True)
    numbers = attempts.aggregate(
        attempts=Count("pk"),
        passed=Count("pk", filter=Q(is_passed=True)),
        average_score=Avg(F("score") * 100.0 / NullIf(F("max_score"), 0)),
    )
    return {**numbers, "average_score": _rounded(numbers["average_score"])}


def _reviews(course: Course) -> dict[str, Any]:
    rows = course.reviews.filter(is_approved=True).order_by().values_list("rating")
    given = dict(rows.annotate(reviews=Count("pk")))
    total = sum(given.values())
    stars = sum(rating * reviews for rating, reviews in given.items())
    return {
        "total": total,
        "average_rating": _rounded(stars / total if total else None),
        "by_rating": {str(rating): given.get(rating, 0) for rating in range(MIN_RATING, MAX_RATING + 1)},
    }


def _rounded(average: float | None) -> float:
    return round(float(average or 0), 2)
