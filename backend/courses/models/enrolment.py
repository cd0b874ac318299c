"""A learner in a course: the enrolment, and the progress per lesson.

The certificate has a module of its own; this is its historical path.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..choices import EnrollmentStatus
from ..utils import calculate_course_progress
from ..validators import validate_percentage
from .certificate import Certificate
from .mixins import TimeStampedMixin, with_derived
from .outline import Lesson

PERCENTAGE_VALIDATORS: list[Callable[[Any], None]] = [
    MinValueValidator(0),
    MaxValueValidator(100),
    validate_percentage,
]
# What the column of a total holds.
HIGHEST_TOTAL = 2**31 - 1


class Enrollment(TimeStampedMixin):
    """One learner in one course; at most one that is not unenrolled (VIEW-16)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="student_enrollments", on_delete=models.CASCADE
    )
    course = models.ForeignKey("courses.Course", related_name="enrollments", on_delete=models.CASCADE)
    status = models.CharField(max_length=20, default=EnrollmentStatus.ACTIVE, choices=EnrollmentStatus)
    completion_date = models.DateTimeField(null=True, blank=True)
    last_accessed = models.DateTimeField(null=True, blank=True)
    enrolled_date = models.DateTimeField(auto_now_add=True)
    total_time_spent = models.PositiveIntegerField(default=0)
    progress_percentage = models.PositiveIntegerField(default=0, validators=PERCENTAGE_VALIDATORS)
    last_lesson_accessed = models.ForeignKey(
        Lesson,
        related_name="last_accessed_enrollments",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ("-created_date",)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "course"],
                condition=~Q(status="unenrolled"),
                name="unique_active_enrollment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.course}"

    def clean(self) -> None:
        """ValidationError under `last_lesson_accessed` for a lesson of another course."""
        super().clean()
        lesson = self.last_lesson_accessed
        if lesson is not None and lesson.module.course_id != self.course_id:
            raise ValidationError({"last_lesson_accessed": _("The lesson belongs to another course.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.status == EnrollmentStatus.COMPLETED and self.completion_date is None:
            self.completion_date = timezone.now()
            kwargs["update_fields"] = with_derived(kwargs.get("update_fields"), "completion_date")
        super().save(*args, **kwargs)

    def update_progress(self) -> None:
        """Counts progress and time from the rows (MOD-02) and completes an active enrolment that is done."""
        with transaction.atomic():
            # Not the key: two progress rows written at once both refer to it, and would wait for each other.
            held = Enrollment.objects.select_for_update(no_key=True)
            self.status = held.values_list("status", flat=True).get(pk=self.pk)
            self.progress_percentage = calculate_course_progress(self)
            spent = self.progress.aggregate(total=Sum("time_spent"))["total"] or 0
            self.total_time_spent = min(spent, HIGHEST_TOTAL)
            written = ["progress_percentage", "total_time_spent", "updated_date"]
            if self.progress_percentage == 100 and self.status == EnrollmentStatus.ACTIVE:
                self.status = EnrollmentStatus.COMPLETED
                written.append("status")
            self.save(update_fields=written)

    def update_last_accessed(self) -> None:
        """Notes that the learner was here just now."""
        self.last_accessed = timezone.now()
        self.save(update_fields=["last_accessed", "updated_date"])


class Progress(TimeStampedMixin):
    """How far a learner is in one lesson; completed means 100 % and a date."""

    enrollment = models.ForeignKey(Enrollment, related_name="progress", on_delete=models.CASCADE)
    lesson = models.ForeignKey(Lesson, related_name="progress_records", on_delete=models.CASCADE)
    is_completed = models.BooleanField(default=False)
    completed_date = models.DateTimeField(null=True, blank=True)
    time_spent = models.PositiveIntegerField(default=0)
    progress_percentage = models.PositiveIntegerField(default=0, validators=PERCENTAGE_VALIDATORS)
    notes = models.TextField(blank=True, default="")
    last_accessed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-last_accessed",)
        verbose_name_plural = "progress"
        constraints = (
            models.UniqueConstraint(fields=["enrollment", "lesson"], name="unique_progress_record"),
        )

    def __str__(self) -> str:
        return f"{self.lesson}: {self.progress_percentage} %"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_completed:
            self.completed_date = self.completed_date or timezone.now()
            self.progress_percentage = 100
        else:
            if self.completed_date is not None and self.progress_percentage == 100:
                # Taken back; what had been reached before is not known any more.
                self.progress_percentage = 0
            self.completed_date = None
        kwargs["update_fields"] = with_derived(
            kwargs.get("update_fields"), "completed_date", "progress_percentage"
        )
        super().save(*args, **kwargs)

    def update_last_accessed(self) -> None:
        """Notes that the learner was here just now."""
        self.last_accessed = timezone.now()
        self.save(update_fields=["last_accessed", "updated_date"])


__all__ = ["Certificate", "Enrollment", "Progress"]
