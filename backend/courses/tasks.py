"""What workers do; without a task queue it is done in place (CELERY_TASK_ALWAYS_EAGER)."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.conf import settings

from .learning.course_totals import count_learners_and_reviews
from .models import Course
from .task_lock import TaskLock
from .transfer import export_course, import_course

LOCK_SECONDS: int = settings.IMPORT_EXPORT_LOCK_SECONDS


class LockLost(Exception):
    """The task waited so long that its lock expired: another one may be running."""


def import_export_lock(course_id: int, **token: str) -> TaskLock:
    """The lock on a course's content; a new one, or the one with this `token`."""
    return TaskLock(f"import_export:{course_id}", LOCK_SECONDS, **token)


@shared_task  # type: ignore[untyped-decorator]
def update_course_analytics(course_id: int) -> None:
    """Counts learners and reviews of the course again; nothing if it is gone."""
    count_learners_and_reviews(course_id)


# A run that takes longer than its lock lives is ended.
@shared_task(time_limit=LOCK_SECONDS)  # type: ignore[untyped-decorator]
def import_export(
    action: str, course_id: int, token: str, content: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Exports the course (the result is its content) or imports `content`; releases the caller's lock (SEC-04)."""
    lock = import_export_lock(course_id, token=token)
    if not lock.renew():
        raise LockLost(f"course {course_id}")
    try:
        course = Course.objects.get(pk=course_id)
        return import_course(course, content or {}) if action == "import" else export_course(course)
    finally:
        lock.release()
