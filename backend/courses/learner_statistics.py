"""What a learner has done so far, in a fixed number of queries (VIEW-15, UX-04)."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Avg, Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils import timezone

from .choices import EnrollmentStatus
from .constants import CACHE_TIMEOUTS
from .learner_rows import with_lesson_totals
from .models import AssessmentAttempt, Certificate, Enrollment, Progress
from .utils import calculate_completion_percentage
from .viewer import Viewer
from .visibility import lesson_exists_rule

RECENT_ACTIVITY = 5
SECONDS_PER_HOUR = 3600
CENT = Decimal("0.01")


def learner_statistics(user: Any) -> dict[str, Any]:
    """Totals over the user's own rows. They are always counted: no write can be missed."""
    numbers = {**_courses(user.pk), **_time(user.pk), **_assessments(user.pk), **_certificates(user.pk)}
    hours = float((Decimal(numbers["totalTimeSpent"]) / SECONDS_PER_HOUR).quantize(CENT, ROUND_HALF_UP))
    return {
        **numbers,
        "completionPercentage": calculate_completion_percentage(
            numbers["completedLessons"], numbers["totalLessons"]
        ),
        "hoursSpent": hours,
        "hours_spent": hours,
        "recentActivity": _recent_activity(user),
        "generatedAt": _first_seen(user.pk, numbers),
    }


def _first_seen(user_id: int, numbers: dict[str, Any]) -> datetime:
    """Since when, within a minute, the numbers are these: an answer without news is the same answer."""
    key = ":".join(map(str, ("learner_statistics", user_id, *numbers.values())))
    return cast(datetime, cache.get_or_set(key, timezone.now, CACHE_TIMEOUTS["user"]))


def _courses(user_id: int) -> dict[str, Any]:
    current = Enrollment.objects.filter(user=user_id, status__in=EnrollmentStatus.active_statuses())
    completed = Q(status=EnrollmentStatus.COMPLETED)
    return with_lesson_totals(current).aggregate(
        totalCourses=Count("pk"),
        coursesCompleted=Count("pk", filter=completed),
        coursesInProgress=Count("pk", filter=~completed),
        totalLessons=Sum("total_lessons", default=0),
        completedLessons=Sum("completed_lessons", default=0),
    )


def _time(user_id: int) -> dict[str, Any]:
    rows = Progress.objects.filter(enrollment__user=user_id)
    return rows.aggregate(totalTimeSpent=Sum("time_spent", default=0))


def _assessments(user_id: int) -> dict[str, Any]:
    """Assessments count once, however often they were taken; each attempt counts for the average."""
    done = AssessmentAttempt.objects.filter(Q(is_completed=True) | Q(is_passed=True), user=user_id)
    percentage = 100.0 * Cast("score", FloatField()) / Cast(F("max_score"), FloatField())
    found = done.aggregate(
        taken=Count("assessment", distinct=True), score=Avg(percentage, filter=Q(max_score__gt=0))
    )
    return {"assessmentsCompleted": found["taken"], "averageScore": round(found["score"] or 0.0, 2)}


def _certificates(user_id: int) -> dict[str, Any]:
    return {"certificatesEarned": Certificate.objects.filter(enrollment__user=user_id, is_valid=True).count()}


def _recent_activity(user: Any) -> list[dict[str, Any]]:
    """The lessons that were worked on last, as far as they still exist for the learner."""
    touched = Q(is_completed=True) | Q(progress_percentage__gt=0) | Q(time_spent__gt=0)
    rows: QuerySet[Any, Any] = Progress.objects.filter(
        touched, lesson_exists_rule(Viewer(user), "lesson__"), enrollment__user=user.pk
    ).order_by("-updated_date", "-pk")
    return list(
        rows.values(
            "lesson_id",
            "is_completed",
            "progress_percentage",
            "updated_date",
            lesson_title=F("lesson__title"),
            course_slug=F("lesson__module__course__slug"),
        )[:RECENT_ACTIVITY]
    )
