"""A changed teaching row takes effect on the next request: its cached permissions go."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from .models import CourseInstructor


def evict_permissions(user_id: int, course_id: int) -> None:
    """Forget the user's cached permissions in the course now and again after the commit."""
    # courses.permissions reads this app's model.
    from courses.permissions import clear_permission_cache

    clear_permission_cache(user_id, course_id)
    transaction.on_commit(partial(clear_permission_cache, user_id, course_id))


@receiver(pre_save, sender=CourseInstructor, dispatch_uid="instructor_portal.evict_previous_row")
def evict_previous_row(instance: CourseInstructor, raw: bool = False, **kwargs: Any) -> None:
    """A row handed to another person or course takes its permissions away from the former one."""
    former = None if raw else CourseInstructor.objects.filter(pk=instance.pk).first()
    if former and (former.instructor_id, former.course_id) != (instance.instructor_id, instance.course_id):
        evict_permissions(former.instructor_id, former.course_id)


@receiver([post_save, post_delete], sender=CourseInstructor, dispatch_uid="instructor_portal.evict_row")
def evict_row(instance: CourseInstructor, **kwargs: Any) -> None:
    evict_permissions(instance.instructor_id, instance.course_id)
