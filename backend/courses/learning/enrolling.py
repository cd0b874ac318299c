"""Into a course and out of it (policy 8)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ..choices import EnrollmentStatus
from ..models import Certificate, Course, Enrollment


class AlreadyEnrolled(Exception):
    """The learner has an enrolment in the course that was not given up."""


class NotEnrolled(Exception):
    """The enrolment was given up before."""


def enrol(user: Any, course: Course) -> Enrollment:
    """A new enrolment; of simultaneous attempts exactly one gets it (VIEW-16). Http404 for a course that is no more.

    Who gave up an enrolment gets a fresh one: a revoked certificate is not revived (policy 9).
    """
    try:
        return _enrolled(user, course)
    except IntegrityError:
        # Deleted meanwhile: the database says so only at the end of the transaction.
        get_object_or_404(Course, pk=course.pk)
        raise


@transaction.atomic
def _enrolled(user: Any, course: Course) -> Enrollment:
    current = Enrollment.objects.exclude(status=EnrollmentStatus.UNENROLLED)
    enrollment, is_new = current.get_or_create(user=user, course=course)
    if not is_new:
        raise AlreadyEnrolled
    return enrollment


@transaction.atomic
def unenrol(enrollment: Enrollment) -> None:
    """Gives the enrolment up and revokes its certificate, both or nothing (VIEW-14)."""
    held = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    if held.status == EnrollmentStatus.UNENROLLED:
        raise NotEnrolled
    held.status = EnrollmentStatus.UNENROLLED
    held.save(update_fields=["status", "updated_date"])
    # One by one: whoever watches certificates has to learn of it.
    for certificate in Certificate.objects.filter(enrollment=held, is_valid=True):
        certificate.revoke(_("The learner left the course."))
