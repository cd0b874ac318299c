"""What follows from saving and deleting: CONNECTIONS says which handler answers which event (SIG-01).

Every handler works inside the caller's transaction, waits for nobody but the rows it writes, and leaves rows
that are going with their parent alone.
"""

import logging
from typing import Any

from django.db.models import Model
from django.db.models.signals import ModelSignal, post_delete, post_migrate, post_save, pre_save

from .choices import CompletionStatus, EnrollmentStatus
from .constants import CACHE_TIMEOUTS
from .learning.audit import audit_signal_action
from .learning.course_totals import (
    update_course_analytics_async,
    update_course_duration_atomic,
    update_module_duration_atomic,
)
from .learning.loop_guard import (
    _signal_lock,
    _signal_processing_flags,
    clear_signal_flags,
    prevent_signal_loop,
)
from .learning.standing import (
    complete_course_enrollment,
    create_certificate_atomic,
    create_missing_progress,
    record_progress,
)
from .models import AssessmentAttempt, Course, Enrollment, Lesson, Module, Progress, Review
from .utils import (
    calculate_course_duration,
    calculate_course_progress,
    generate_certificate_number,
    generate_verification_hash,
    update_course_analytics,
)
from .utils.statistics import CACHE_KEYS

logger = logging.getLogger(__name__)

# The count is one aggregate and never cached (MOD-02).
calculate_course_progress_optimized = calculate_course_progress

PARTIALLY_COMPLETE_FROM = 50
# States that somebody decided on, whatever the percentage says.
DECIDED_STATES = (CompletionStatus.ARCHIVED, CompletionStatus.SUSPENDED)


def _writes(update_fields: Any, *names: str) -> bool:
    """Whether a save writes one of the columns."""
    return update_fields is None or not set(names).isdisjoint(update_fields)


def _began_at(origin: Any, *models: type[Model]) -> bool:
    """Whether a deletion began at a row, or rows, of one of the models."""
    return origin is not None and getattr(origin, "model", type(origin)) in models


# --- learners -----------------------------------------------------------------------------------------------


def create_progress_records(
    sender: type[Enrollment], instance: Enrollment, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A new learner gets a progress row for each lesson to come."""
    if created and not raw and instance.status in EnrollmentStatus.active_statuses():
        create_missing_progress(instance)


def issue_certificate(
    sender: type[Enrollment],
    instance: Enrollment,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    """A completed enrolment gets its certificate, if the course gives one (CONST-02)."""
    is_completed = instance.status == EnrollmentStatus.COMPLETED and _writes(update_fields, "status")
    if is_completed and not raw and instance.course.has_certificate:
        create_certificate_atomic(instance)


def update_course_enrollments(
    sender: type[Enrollment],
    instance: Enrollment,
    raw: bool = False,
    update_fields: Any = None,
    origin: Any = None,
    **kwargs: Any,
) -> None:
    """Learners that come, go or change their status are counted again."""
    if not raw and _writes(update_fields, "status") and not _began_at(origin, Course):
        update_course_analytics_async(instance.course_id)


def update_enrollment_progress(
    sender: type[Progress], instance: Progress, raw: bool = False, origin: Any = None, **kwargs: Any
) -> None:
    """Progress written or taken back moves the enrolment, and completes it when everything is done (MOD-02).

    Lessons that go take their rows along silently: they complete nobody's course.
    """
    if raw or (origin is not None and not _began_at(origin, Progress)):
        return
    with prevent_signal_loop(f"progress:{instance.enrollment_id}") as is_first:
        if is_first:
            instance.enrollment.update_progress()


def update_lesson_progress_on_assessment(
    sender: type[AssessmentAttempt],
    instance: AssessmentAttempt,
    created: bool,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """A passed assessment completes its lesson for a learner of the course (CONST-02)."""
    if raw or not instance.is_passed:
        return
    lesson = Lesson.objects.select_related("module").get(assessment=instance.assessment_id)
    enrollment = Enrollment.objects.filter(
        user=instance.user_id, course=lesson.module.course_id, status__in=EnrollmentStatus.active_statuses()
    ).first()
    if enrollment and not enrollment.progress.filter(lesson=lesson, is_completed=True).exists():
        record_progress(enrollment, lesson.pk, is_completed=True)


# --- courses ------------------------------------------------------------------------------------------------


def update_course_ratings(
    sender: type[Review], instance: Review, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A review written counts."""
    if not raw:
        update_course_analytics_async(instance.course_id)


def update_course_ratings_on_delete(
    sender: type[Review], instance: Review, origin: Any = None, **kwargs: Any
) -> None:
    """A review taken back counts no more."""
    if not _began_at(origin, Course):
        update_course_analytics_async(instance.course_id)


def remember_former_module(
    sender: type[Lesson], instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Notes where a lesson that is about to be saved stands now."""
    moves = instance.pk is not None and not raw and _writes(update_fields, "module", "module_id")
    stored = Lesson.objects.filter(pk=instance.pk).select_related("module__course") if moves else ()
    instance._former_module = next((lesson.module for lesson in stored), None)


def update_course_duration(
    sender: type[Lesson],
    instance: Any,
    raw: bool = False,
    update_fields: Any = None,
    origin: Any = None,
    **kwargs: Any,
) -> None:
    """A lesson's minutes count in its module and course; those of a moved one no more where it was."""
    gone_with_parent = _began_at(origin, Module, Course)
    if raw or gone_with_parent or not _writes(update_fields, "duration_minutes", "module", "module_id"):
        return
    former = getattr(instance, "_former_module", None)
    modules = [instance.module]
    if former is not None and former.pk != instance.module_id:
        modules.append(former)
    for module in modules:
        update_module_duration_atomic(module)
    for course in {module.course_id: module.course for module in modules}.values():
        update_course_duration_atomic(course)


def update_course_duration_on_module_delete(
    sender: type[Module], instance: Module, origin: Any = None, **kwargs: Any
) -> None:
    """The minutes of a deleted module count no more."""
    if not _began_at(origin, Course):
        update_course_duration_atomic(instance.course)


def update_course_completion_status(
    sender: type[Course], instance: Course, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """A course's state follows from publication and percentage, unless somebody decided on it."""
    if raw or instance.completion_status in DECIDED_STATES:
        return
    _follow(instance)
    # A save of some columns stores those alone.
    if update_fields is not None and _writes(update_fields, "is_published", "completion_percentage"):
        sender._base_manager.filter(pk=instance.pk).update(completion_status=instance.completion_status)


def _follow(instance: Course) -> None:
    if instance.is_published:
        instance.completion_status = CompletionStatus.PUBLISHED
    elif instance.completion_percentage >= 100:
        instance.completion_status = CompletionStatus.COMPLETE
    elif instance.completion_percentage >= PARTIALLY_COMPLETE_FROM:
        instance.completion_status = CompletionStatus.PARTIALLY_COMPLETE
    elif instance.completion_percentage > 0:
        instance.completion_status = CompletionStatus.IN_PROGRESS
    else:
        instance.completion_status = CompletionStatus.NOT_STARTED


# --- connections --------------------------------------------------------------------------------------------

CONNECTIONS: tuple[tuple[ModelSignal, type[Model], Any], ...] = (
    (post_save, Enrollment, create_progress_records),
    (post_save, Enrollment, issue_certificate),
    (post_save, Enrollment, update_course_enrollments),
    (post_delete, Enrollment, update_course_enrollments),
    (post_save, Progress, update_enrollment_progress),
    (post_delete, Progress, update_enrollment_progress),
    (post_save, AssessmentAttempt, update_lesson_progress_on_assessment),
    (post_save, Review, update_course_ratings),
    (post_delete, Review, update_course_ratings_on_delete),
    (pre_save, Lesson, remember_former_module),
    (post_save, Lesson, update_course_duration),
    (post_delete, Lesson, update_course_duration),
    (post_delete, Module, update_course_duration_on_module_delete),
    (pre_save, Course, update_course_completion_status),
)


def _uid(handler: Any) -> str:
    return f"{__name__}.{handler.__name__}"


def validate_signal_connections(sender: Any, **kwargs: Any) -> None:
    """Logs an error for each handler that somebody disconnected; runs after migrations."""
    for signal, model, handler in CONNECTIONS:
        if getattr(sender, "label", None) == model._meta.app_label and all(
            key[0] != _uid(handler) for key, *_ in signal.receivers
        ):
            logger.error("%s does not answer to %s any more", handler.__name__, model.__name__)


for _signal, _model, _handler in CONNECTIONS:
    _signal.connect(_handler, sender=_model, dispatch_uid=_uid(_handler))
post_migrate.connect(validate_signal_connections, dispatch_uid=_uid(validate_signal_connections))

__all__ = [
    "CACHE_KEYS",
    "CACHE_TIMEOUTS",
    "CompletionStatus",
    "EnrollmentStatus",
    "_signal_lock",
    "_signal_processing_flags",
    "audit_signal_action",
    "calculate_course_duration",
    "calculate_course_progress",
    "calculate_course_progress_optimized",
    "clear_signal_flags",
    "complete_course_enrollment",
    "create_certificate_atomic",
    "create_progress_records",
    "generate_certificate_number",
    "generate_verification_hash",
    "prevent_signal_loop",
    "update_course_analytics",
    "update_course_analytics_async",
    "update_course_completion_status",
    "update_course_duration",
    "update_course_duration_atomic",
    "update_course_ratings",
    "update_course_ratings_on_delete",
    "update_enrollment_progress",
    "update_lesson_progress_on_assessment",
    "update_module_duration_atomic",
    "validate_signal_connections",
]
