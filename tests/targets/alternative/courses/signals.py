"""What follows from saved rows: counts, durations, progress, completion, certificates."""

import logging
import threading
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.db.models.signals import post_delete, post_migrate, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone

from .constants import CompletionStatus, EnrollmentStatus
from .models import AssessmentAttempt, Certificate, Course, Enrollment, Lesson, Module, Progress, Review
from .notifications import notify_progress
from .utils.core import (
    calculate_course_duration,
    calculate_course_progress,
    generate_certificate_number,
    update_course_analytics,
)
from .utils.core import (
    generate_verification_hash as generate_verification_hash,
)

logger = logging.getLogger(__name__)

CACHE_KEYS = {"stats": "course_stats:{}", "analytics": "course_analytics:{}"}
CACHE_TIMEOUTS = {"stats": 300, "analytics": 900}
_signal_processing_flags = threading.local()
_signal_lock = threading.RLock()


def _running():
    if not hasattr(_signal_processing_flags, "keys"):
        _signal_processing_flags.keys = set()
    return _signal_processing_flags.keys


@contextmanager
def prevent_signal_loop(signal_key):
    """Yields False to whoever is already inside the same key on this thread."""
    running = _running()
    if signal_key in running:
        yield False
        return
    running.add(signal_key)
    try:
        yield True
    finally:
        running.discard(signal_key)


def clear_signal_flags():
    _running().clear()


def audit_signal_action(action, model_name, instance_id=None, metadata=None):
    logger.info("%s %s %s %s", action, model_name, instance_id, metadata or {})


def update_course_analytics_async(course_id):
    """Counts of a course, by a task where courses.tasks exists, here and now where it does not."""
    try:
        from .tasks import update_course_analytics_task
    except ImportError:
        update_course_analytics_task = None
    if update_course_analytics_task is not None:
        transaction.on_commit(lambda: update_course_analytics_task.delay(course_id))
        return
    course = Course.objects.filter(pk=course_id).first()
    if course is not None:
        update_course_analytics(course)


@receiver(post_save, sender=Enrollment, dispatch_uid="courses.create_progress_records")
def create_progress_records(sender, instance, created, raw=False, **kwargs):
    """A record for every lesson, so that the outline of a learner is complete from the start."""
    if raw:
        return
    if created:
        lessons = Lesson.objects.filter(module__course_id=instance.course_id, module__is_published=True)
        rows = [Progress(enrollment=instance, lesson=lesson) for lesson in lessons]
        Progress.objects.bulk_create(rows, ignore_conflicts=True)
        Course.objects.filter(pk=instance.course_id).update(last_enrollment_date=timezone.now())
    update_course_analytics_async(instance.course_id)


@receiver(post_delete, sender=Enrollment, dispatch_uid="courses.enrollment_deleted")
def _enrollment_deleted(sender, instance, **kwargs):
    update_course_analytics_async(instance.course_id)


def calculate_course_progress_optimized(enrollment):
    return calculate_course_progress(enrollment)


def create_certificate_atomic(enrollment):
    """The certificate of a completed enrolment: the first writer makes it, the others read it."""
    try:
        with transaction.atomic():
            return Certificate.objects.create(
                enrollment=enrollment,
                certificate_number=generate_certificate_number(enrollment.course_id, enrollment.user_id),
            )
    except IntegrityError:
        return Certificate.objects.get(enrollment=enrollment)


@transaction.atomic
def complete_course_enrollment(enrollment):
    """Mark as completed and issue the certificate, if the course gives one; nothing, once its learner has left."""
    enrollment.status = (
        Enrollment.objects.select_for_update(no_key=True).values_list("status", flat=True).get(pk=enrollment.pk)
    )
    if enrollment.status == EnrollmentStatus.UNENROLLED:
        return
    if enrollment.status != EnrollmentStatus.COMPLETED:
        enrollment.status = EnrollmentStatus.COMPLETED.value
        enrollment.completion_date = timezone.now()
        enrollment.save(update_fields=["status", "completion_date", "updated_date"])
    if enrollment.course.has_certificate and not Certificate.objects.filter(enrollment=enrollment).exists():
        create_certificate_atomic(enrollment)


@receiver(post_save, sender=Enrollment, dispatch_uid="courses.revoke_on_leaving")
def revoke_on_leaving(sender, instance, raw=False, **kwargs):
    """Whoever ends an enrolment, by the API or in the admin pages, ends its certificate."""
    if raw or instance.status != EnrollmentStatus.UNENROLLED:
        return
    for certificate in Certificate.objects.filter(enrollment=instance, is_valid=True):
        certificate.revoke("The learner left the course.")


@receiver(post_save, sender=Progress, dispatch_uid="courses.update_enrollment_progress")
def update_enrollment_progress(sender, instance, raw=False, **kwargs):
    if raw:
        return
    with transaction.atomic():
        # The lock orders learners' parallel requests: the last one to count sees all of them.
        enrollment = Enrollment.objects.select_for_update(no_key=True).get(pk=instance.enrollment_id)
        percentage = calculate_course_progress(enrollment)
        enrollment.progress_percentage = percentage
        enrollment.total_time_spent = enrollment.progress.aggregate(total=Sum("time_spent"))["total"] or 0
        enrollment.last_accessed = timezone.now()
        enrollment.last_lesson_accessed_id = instance.lesson_id
        changed = ["progress_percentage", "total_time_spent", "last_accessed", "last_lesson_accessed", "updated_date"]
        enrollment.save(update_fields=changed)
        if percentage >= 100 and enrollment.status == EnrollmentStatus.ACTIVE:
            complete_course_enrollment(enrollment)
    payload = {
        "lesson_id": instance.lesson_id,
        "course_id": enrollment.course_id,
        "is_completed": instance.is_completed,
        "progress_percentage": percentage,
    }
    user_id = enrollment.user_id
    transaction.on_commit(lambda: notify_progress(user_id, payload))


@receiver(post_delete, sender=Progress, dispatch_uid="courses.progress_deleted")
def _progress_deleted(sender, instance, origin=None, **kwargs):
    """A record taken back counts no longer; records that go with their enrolment or lesson are left alone."""
    if not isinstance(origin, Progress) and getattr(origin, "model", None) is not Progress:
        return
    enrollment = Enrollment.objects.filter(pk=instance.enrollment_id).first()
    if enrollment is not None:
        enrollment.update_progress()


@receiver(post_save, sender=Review, dispatch_uid="courses.update_course_ratings")
def update_course_ratings(sender, instance, created, raw=False, **kwargs):
    if not raw:
        update_course_analytics_async(instance.course_id)


@receiver(post_delete, sender=Review, dispatch_uid="courses.update_course_ratings_on_delete")
def update_course_ratings_on_delete(sender, instance, **kwargs):
    update_course_analytics_async(instance.course_id)


def update_module_duration_atomic(module):
    """To be called with the course locked, as below: a sum is only worth noting as long as nobody adds to it."""
    total = Lesson.objects.filter(module_id=module.pk).aggregate(total=Sum("duration_minutes"))["total"] or 0
    Module.objects.filter(pk=module.pk).update(duration_minutes=total)


def update_course_duration_atomic(course):
    Course.objects.filter(pk=course.pk).update(duration_minutes=calculate_course_duration(course))


@receiver([post_save, post_delete], sender=Lesson, dispatch_uid="courses.update_course_duration")
def update_course_duration(sender, instance, raw=False, **kwargs):
    if raw:
        return
    module = Module.objects.filter(pk=instance.module_id).first()
    if module is None:
        return
    with transaction.atomic():
        course = Course.objects.select_for_update(no_key=True).get(pk=module.course_id)
        update_module_duration_atomic(module)
        update_course_duration_atomic(course)


@receiver(pre_save, sender=Course, dispatch_uid="courses.update_course_completion_status")
def update_course_completion_status(sender, instance, raw=False, **kwargs):
    if not raw:
        instance.completion_status = CompletionStatus(instance.expected_completion_status()).value


@receiver(post_save, sender=AssessmentAttempt, dispatch_uid="courses.update_lesson_progress_on_assessment")
def update_lesson_progress_on_assessment(sender, instance, created, raw=False, **kwargs):
    """A passed assessment completes its lesson."""
    if raw or not instance.is_passed:
        return
    lesson = instance.assessment.lesson
    enrollment = Enrollment.objects.filter(user_id=instance.user_id, course_id=lesson.module.course_id)
    enrollment = enrollment.exclude(status=EnrollmentStatus.UNENROLLED).first()
    if enrollment is None:
        return
    record, _ = Progress.objects.get_or_create(
        enrollment=enrollment, lesson=lesson, defaults={"is_completed": True, "progress_percentage": 100}
    )
    if not record.is_completed:
        record.is_completed = True
        record.save()


@receiver(post_migrate, dispatch_uid="courses.validate_signal_connections")
def validate_signal_connections(sender, **kwargs):
    """Complain when a receiver got lost: everything above relies on them."""
    if getattr(sender, "label", "") == "courses" and not post_save.has_listeners(Progress):
        logger.error("The signal receivers of courses are not connected")


__all__ = [
    "create_progress_records",
    "update_enrollment_progress",
    "update_course_ratings",
    "update_course_ratings_on_delete",
    "update_course_duration",
    "update_course_completion_status",
    "update_lesson_progress_on_assessment",
    "create_certificate_atomic",
    "update_course_analytics_async",
    "clear_signal_flags",
]
