"""Numbers of one learner, kept until something he did changes them."""

import hashlib

from django.db.models import Avg, Count, F, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from .caching import recall, remember
from .models import AssessmentAttempt, Certificate, Enrollment, Lesson, Progress
from .utils.core import calculate_completion_percentage

TIMEOUT = 3600
# What a learner did outlives its publication, the titles of what he did it in do not.
IN_PUBLIC = Q(lesson__module__is_published=True, lesson__module__course__is_published=True)


def _mine(queryset, path, **aggregates):
    """Scalar sub-queries over the rows of the outer user."""
    rows = queryset.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return {name: Subquery(rows.annotate(value=what).values("value")[:1]) for name, what in aggregates.items()}


def activity_fingerprint(user):
    """One query over everything the numbers are made of: counts and sums notice what time stamps miss."""
    enrolments = Enrollment.objects.exclude(status="unenrolled")
    parts = {
        **_mine(
            enrolments,
            "user",
            e_count=Count("pk"),
            e_done=Count("pk", filter=Q(status="completed")),
            e_last=Max("updated_date"),
            e_key=Max("pk"),
        ),
        **_mine(
            Progress.objects.all(),
            "enrollment__user",
            p_count=Count("pk"),
            p_public=Count("pk", filter=IN_PUBLIC),
            p_done=Count("pk", filter=Q(is_completed=True)),
            p_time=Sum("time_spent"),
            p_sum=Sum("progress_percentage"),
            p_last=Max("updated_date"),
        ),
        **_mine(
            AssessmentAttempt.objects.all(),
            "user",
            a_count=Count("pk", filter=Q(is_completed=True)),
            a_score=Sum("score"),
            a_last=Max("updated_date"),
        ),
        **_mine(
            Certificate.objects.all(),
            "enrollment__user",
            c_count=Count("pk"),
            c_valid=Count("pk", filter=Q(is_valid=True)),
        ),
        **_mine(
            Lesson.objects.filter(module__is_published=True),
            "module__course__enrollments__user",
            l_count=Count("pk"),
        ),
    }
    row = type(user)._default_manager.filter(pk=user.pk).order_by().values(**parts).first() or {}
    text = "|".join(f"{name}={row[name]}" for name in sorted(row))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def compute_statistics(user):
    enrolments = Enrollment.objects.filter(user=user).exclude(status="unenrolled")
    courses = enrolments.aggregate(total=Count("pk"), done=Count("pk", filter=Q(status="completed")))
    records = Progress.objects.filter(enrollment__in=enrolments)
    progress = records.aggregate(
        done=Count("pk", filter=Q(is_completed=True, lesson__module__is_published=True)), seconds=Sum("time_spent")
    )
    lessons = Lesson.objects.filter(
        module__is_published=True, module__course__in=enrolments.values("course_id")
    ).count()
    attempts = AssessmentAttempt.objects.filter(user=user, is_completed=True)
    scores = attempts.aggregate(
        total=Count("pk"), mean=Avg(F("score") * 100.0 / F("max_score"), filter=Q(max_score__gt=0))
    )
    recent = records.filter(IN_PUBLIC, last_accessed__isnull=False).select_related("lesson__module__course")
    seconds = progress["seconds"] or 0
    hours = round(seconds / 3600, 2)
    return {
        "totalCourses": courses["total"],
        "coursesCompleted": courses["done"],
        "coursesInProgress": courses["total"] - courses["done"],
        "totalLessons": lessons,
        "completedLessons": progress["done"],
        "completionPercentage": calculate_completion_percentage(progress["done"], lessons),
        "assessmentsCompleted": scores["total"],
        "averageScore": round(scores["mean"] or 0, 2),
        "certificatesEarned": Certificate.objects.filter(enrollment__user=user, is_valid=True).count(),
        "hoursSpent": hours,
        "hours_spent": hours,
        "totalTimeSpent": seconds,
        "recentActivity": [
            {
                "lesson_id": record.lesson_id,
                "lesson": record.lesson.title,
                "course": record.lesson.module.course.title,
                "is_completed": record.is_completed,
                "last_accessed": record.last_accessed.isoformat(),
            }
            for record in recent.order_by("-last_accessed", "-pk")[:5]
        ],
        "generatedAt": timezone.now().isoformat(),
    }


def statistics_of(user):
    """The key names the user and his activity: no other event, midnight included, makes an entry old."""
    key = f"user_progress_stats:{user.pk}:{activity_fingerprint(user)}"
    known = recall(key)
    if known is None:
        known = compute_statistics(user)
        remember(key, known, TIMEOUT)
    return known
