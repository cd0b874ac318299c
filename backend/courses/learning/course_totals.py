"""What is counted about a course: learners and ratings, durations. Written past save() and signals (SIG-01).

Each count holds the row it is written to, so that of two simultaneous ones the later sees what the earlier saw.
The hold leaves the key alone: rows that refer to it are being written at the same time.
"""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from ..after_commit import after_commit
from ..catalogue_cache import catalogue_changed
from ..models import Course, Module
from ..utils import calculate_course_duration, update_course_analytics


@transaction.atomic
def count_learners_and_reviews(course_id: int) -> None:
    """Counts the course's learners and reviews again; nothing when it is gone."""
    course = Course.objects.select_for_update(no_key=True).filter(pk=course_id).first()
    if course is not None:
        update_course_analytics(course)
        catalogue_changed()


def update_course_analytics_async(course_id: int) -> None:
    """The same by the Celery task once committed; here and now without the task, or when tasks run in place."""
    task = _analytics_task()
    if task is None or settings.CELERY_TASK_ALWAYS_EAGER:
        count_learners_and_reviews(course_id)
    else:
        after_commit(task.delay, course_id)


def _analytics_task() -> Any:
    try:
        return import_module("courses.tasks").update_course_analytics
    except (ImportError, AttributeError):
        return None


@transaction.atomic
def update_module_duration_atomic(module: Module) -> None:
    """Adds up the minutes of the module's lessons."""
    list(Module.objects.select_for_update(no_key=True).filter(pk=module.pk).values_list("pk"))
    module.duration_minutes = module.lessons.aggregate(total=Sum("duration_minutes"))["total"] or 0
    Module.objects.filter(pk=module.pk).update(duration_minutes=module.duration_minutes)
    catalogue_changed()


@transaction.atomic
def update_course_duration_atomic(course: Course) -> None:
    """Adds up the minutes of the course's lessons, published or not (policy 12)."""
    list(Course.objects.select_for_update(no_key=True).filter(pk=course.pk).values_list("pk"))
    course.duration_minutes = calculate_course_duration(course)
    Course.objects.filter(pk=course.pk).update(duration_minutes=course.duration_minutes)
    catalogue_changed()
