"""How far a learner is: progress, completion, certificate."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from ..choices import EnrollmentStatus
from ..models import Certificate, Enrollment, Lesson, Progress
from .audit import audit_signal_action


@transaction.atomic
def record_progress(enrollment: Enrollment, lesson_id: int, **values: Any) -> tuple[Progress, bool]:
    """Writes the given columns of the learner's progress in a lesson, and whether the row is new.

    What follows for the enrolment comes with the saving.
    """
    now = timezone.now()
    recorded = Progress.objects.update_or_create(
        enrollment=enrollment, lesson_id=lesson_id, defaults={**values, "last_accessed": now}
    )
    Enrollment.objects.filter(pk=enrollment.pk).update(last_accessed=now, last_lesson_accessed=lesson_id)
    return recorded


def create_missing_progress(enrollment: Enrollment) -> None:
    """A row for each lesson of the published modules that has none yet."""
    lessons = Lesson.objects.filter(module__course=enrollment.course_id, module__is_published=True)
    Progress.objects.bulk_create(
        [Progress(enrollment=enrollment, lesson=lesson) for lesson in lessons.only("pk")],
        ignore_conflicts=True,
        batch_size=500,
    )


@transaction.atomic
def complete_course_enrollment(enrollment: Enrollment) -> None:
    """Completes an active enrolment; the certificate comes with the saving."""
    held = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    if held.status != EnrollmentStatus.ACTIVE:
        return
    enrollment.status = EnrollmentStatus.COMPLETED
    enrollment.save(update_fields=["status", "updated_date"])


@transaction.atomic
def create_certificate_atomic(enrollment: Enrollment) -> Certificate:
    """The enrolment's certificate, issued if there is none; a revoked one stays revoked (policy 9)."""
    certificate, is_new = Certificate.objects.get_or_create(enrollment=enrollment)
    if is_new:
        audit_signal_action("issue", "Certificate", certificate.pk, {"enrollment": enrollment.pk})
    return certificate
