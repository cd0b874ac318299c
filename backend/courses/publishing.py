"""The life of a course: started, published, turned back into a draft, cloned, deleted (VIEW-12, VIEW-13).

Each step holds the course's row until it is done, and is undone as a whole when it fails. Who may take it is
decided before.
"""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import BaseSerializer

from .errors import Conflict
from .models import Course, Lesson
from .models.cloning import OutOfVersions


@transaction.atomic
def start_course(serializer: BaseSerializer[Course], creator: Any) -> Course:
    """Saves the validated serializer as a draft led by its creator (policy 7)."""
    course = serializer.save()
    course.courseinstructor_set.create(instructor=creator, is_lead=True)
    return course


@transaction.atomic
def publish_course(course: Course) -> Course:
    """Shows the course to everybody; 400 while learners would find nothing in it, 409 when they see it now."""
    locked = _locked(course)
    if locked.is_published:
        raise Conflict(_("The course is published already."))
    if not Lesson.objects.filter(module__course=locked, module__is_published=True).exists():
        raise ValidationError({"modules": [_("A course needs a published module with a lesson.")]})
    locked.publish()
    return locked


@transaction.atomic
def unpublish_course(course: Course) -> Course:
    """Turns the course back into a draft; 409 when it is one."""
    locked = _locked(course)
    if not locked.is_published:
        raise Conflict(_("The course is not published."))
    locked.unpublish()
    return locked


@transaction.atomic
def copy_course(course: Course, creator: Any, title: str | None = None, draft: bool = True) -> Course:
    """A copy led by `creator`; one that cannot be published as asked is not made."""
    try:
        copy = course.clone(title, creator)
    except Course.DoesNotExist:
        raise Conflict(_("The course was deleted meanwhile.")) from None
    except OutOfVersions:
        raise Conflict(_("The course has no version numbers left.")) from None
    return copy if draft else publish_course(copy)


@transaction.atomic
def delete_course(course: Course) -> None:
    """Deletes a course nobody ever enrolled in; else 409, for learners' records go with it."""
    locked = _locked(course)
    if locked.enrollments.exists():
        raise Conflict(_("A course with enrolments cannot be deleted."))
    locked.delete()


def _locked(course: Course) -> Course:
    """The row as it is now, held until the transaction ends."""
    return get_object_or_404(Course.objects.select_for_update(), pk=course.pk)
