"""Operations on courses and enrolments that several routes offer."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError

from .constants import EnrollmentStatus
from .models import Course, Enrollment


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "The course is already in that state."
    default_code = "conflict"


def enrol(user, course):
    """A new enrolment. The unique constraint decides between parallel requests; nothing is locked or looked up."""
    try:
        with transaction.atomic():
            return Enrollment.objects.create(user=user, course=course, status=EnrollmentStatus.ACTIVE.value)
    except IntegrityError as error:
        raise ValidationError({"detail": "You are already enrolled in this course."}) from error


def unenrol(enrollment):
    """End an enrolment; the certificate ends with it (`revoke_on_leaving`), whatever tier the learner has by now."""
    with transaction.atomic():
        enrollment = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
        if enrollment.status == EnrollmentStatus.UNENROLLED:
            raise ValidationError({"detail": "You are not enrolled in this course."})
        enrollment.status = EnrollmentStatus.UNENROLLED.value
        enrollment.save(update_fields=["status", "updated_date"])
    return enrollment


@contextmanager
def locked_row(row):
    """A transaction in which nobody else writes the row: what is read in it is what is written back."""
    with transaction.atomic():
        type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
        yield


def delete_course(course):
    """A course goes only as long as nobody was enrolled in it; the lock keeps learners out meanwhile."""
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course.pk)
        if course.enrollments.exists():
            raise Conflict("Somebody is enrolled in the course.")
        course.delete()


def set_published(course, published):
    """Publish or unpublish; a course that is there already is a conflict."""
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course.pk)
        if course.is_published == published:
            raise Conflict("The course is already published." if published else "The course is not published.")
        if published:
            course.publish()
        else:
            course.unpublish()
    return course
