"""CourseProgress: a learner's standing in a course, for dashboards."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..utils import calculate_completion_percentage, get_user_course_progress
from .enrolment import Progress
from .mixins import TimeStampedMixin
from .outline import Lesson

COMPLETE = Decimal("100.00")


class CourseProgress(TimeStampedMixin):
    """Totals over the progress rows of one learner in one course."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="course_progress_records", on_delete=models.CASCADE
    )
    course = models.ForeignKey("courses.Course", related_name="student_progress", on_delete=models.CASCADE)
    completion_percentage = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("0.00"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    last_accessed = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    current_lesson = models.ForeignKey(
        Lesson, related_name="current_for_users", on_delete=models.SET_NULL, null=True, blank=True
    )
    total_time_spent = models.PositiveIntegerField(default=0)
    lessons_completed = models.PositiveIntegerField(default=0)
    assessments_passed = models.PositiveIntegerField(default=0)
    study_streak_days = models.PositiveIntegerField(default=0)
    last_study_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-last_accessed",)
        verbose_name_plural = "course progress"
        constraints = (
            models.UniqueConstraint(fields=["user", "course"], name="unique_course_progress"),
            models.CheckConstraint(
                condition=Q(completion_percentage__gte=0) & Q(completion_percentage__lte=100),
                name="course_progress_percentage_range",
            ),
            models.CheckConstraint(
                condition=Q(lessons_completed__gte=0), name="course_progress_lessons_completed_positive"
            ),
            models.CheckConstraint(
                condition=Q(assessments_passed__gte=0), name="course_progress_assessments_passed_positive"
            ),
            models.CheckConstraint(
                condition=Q(study_streak_days__gte=0), name="course_progress_study_streak_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.course}: {self.completion_percentage} %"

    @property
    def is_completed(self) -> bool:
        """Whether the course is done."""
        return self.completion_percentage >= COMPLETE

    @property
    def progress_percentage_float(self) -> float:
        """The percentage as a float."""
        return float(self.completion_percentage)

    def clean(self) -> None:
        """ValidationError under `current_lesson` for a lesson of another course."""
        super().clean()
        if self.current_lesson is not None and self.current_lesson.module.course_id != self.course_id:
            raise ValidationError({"current_lesson": _("The lesson belongs to another course.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_completed and self.completed_at is None:
            self.completed_at = timezone.now()
        super().save(*args, **kwargs)

    def update_from_lesson_progress(self) -> None:
        """Counts lessons, time and passed assessments again from the learner's rows, and saves."""
        standing = get_user_course_progress(self.user, self.course)
        if not standing["is_enrolled"]:
            return
        self.lessons_completed = standing["completed_lessons"]
        percentage = calculate_completion_percentage(self.lessons_completed, standing["total_lessons"])
        self.completion_percentage = Decimal(str(percentage))
        spent = Progress.objects.filter(enrollment__user=self.user_id, enrollment__course=self.course_id)
        self.total_time_spent = spent.aggregate(total=Sum("time_spent"))["total"] or 0
        self.assessments_passed = (
            self.user.assessment_attempts.filter(
                assessment__lesson__module__course=self.course_id, is_passed=True
            )
            .values("assessment")
            .distinct()
            .count()
        )
        self.save()

    def update_last_accessed(self) -> None:
        """Notes a visit; days in a row make the streak."""
        now = timezone.now()
        today = timezone.localdate(now)
        if self.last_study_date != today:
            studied_yesterday = self.last_study_date == today - timedelta(days=1)
            self.study_streak_days = self.study_streak_days + 1 if studied_yesterday else 1
            self.last_study_date = today
        self.last_accessed = now
        self.save()

    def mark_completed(self) -> None:
        """Sets the course to done."""
        self.completion_percentage = COMPLETE
        self.save()

    def reset_progress(self) -> None:
        """Starts from nothing; the learner's lesson rows stay."""
        self.completion_percentage = Decimal("0.00")
        self.completed_at = None
        self.current_lesson = None
        self.total_time_spent = self.lessons_completed = self.assessments_passed = 0
        self.save()
