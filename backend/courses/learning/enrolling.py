"""Into a course and out of it (policy 8)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..choices import EnrollmentStatus
from ..models import Certificate, Course, Enrollment


class AlreadyEnrolled(Exception):
    """The learner has an enrolment in the course that was not given up."""


class NotEnrolled(Exception):
    """The enrolment was given up before."""


@transaction.atomic
def enrol(user: Any, course: Course) -> Enrollment:
    """A new enrolment; of simultaneous attempts exactly one gets it (VIEW-16).

    Who gave up an enrolment gets a fresh one: a revoked certificate is not revived (policy 9).
    """
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
    for certificate in Certificate.objects.select_for_update().filter(enrollment=held, is_valid=True):
        certificate.revoke(_("The learner left the course."))
