"""Answers about a user's place in a course, kept for callers outside the request: tasks, templates, exports.

Requests do not use it: their answers come from a Viewer, fresh from the database.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from .choices import EnrollmentStatus
from .committed_cache import forget, remember
from .models import Course, Enrollment
from .viewer import Viewer

ENROLLMENT_CACHE_TIMEOUT = 300
INSTRUCTOR_CACHE_TIMEOUT = 300
COURSE_CACHE_TIMEOUT = 300


def is_user_enrolled_cached(user: Any, course: Course | None) -> bool:
    """Whether the user is in the course."""
    if user is None or not user.is_authenticated or course is None:
        return False
    rows = Enrollment.objects.filter(
        user=user.pk, course=course.pk, status__in=EnrollmentStatus.active_statuses()
    )
    return remember(_group(user.pk), f"enrolled:{course.pk}", ENROLLMENT_CACHE_TIMEOUT, rows.exists)


def is_user_instructor_cached(user: Any, course: Course | None = None) -> bool:
    """Whether the user actively teaches the course, or any course when none is given."""
    if user is None or not user.is_authenticated:
        return False

    def teaches() -> bool:
        teaching = Viewer(user).teaching
        return course.pk in teaching if course is not None else bool(teaching)

    key = f"instructor:{course.pk if course is not None else 'any'}"
    return remember(_group(user.pk), key, INSTRUCTOR_CACHE_TIMEOUT, teaches)


def clear_permission_cache(user_id: int, course_id: int | None = None) -> None:
    """Forgets what is kept about the user.

    All of it, also when a course is named: an answer about any course depends on each of them.
    """
    forget(_group(user_id))


def bulk_check_enrollments(user: Any, course_ids: Iterable[int]) -> dict[int, bool]:
    """Whether the user is in each of the courses, by course id, with one query."""
    enrolled = Viewer(user).enrolled_courses
    return {course_id: course_id in enrolled for course_id in course_ids}


def _group(user_id: int) -> str:
    return f"permissions:{user_id}"


def _on_enrollment_write(instance: Enrollment, **kwargs: Any) -> None:
    transaction.on_commit(partial(clear_permission_cache, instance.user_id))


def connect() -> None:
    """Watches enrolments (the app of instructor rows watches those); called when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_on_enrollment_write, sender=Enrollment, dispatch_uid="permission_cache.enrollment")
