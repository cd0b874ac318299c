"""Enrolments, progress and certificates."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from ..constants import STATUS_CHOICES, EnrollmentStatus
from ..utils.core import calculate_course_progress
from ..utils.naming import generate_certificate_number, generate_verification_hash
from ..validators import validate_certificate_number, validate_percentage
from .core import Course, Lesson
from .mixins import TimeStampedMixin, require

PERCENTAGE = [MinValueValidator(0), MaxValueValidator(100), validate_percentage]


class Enrollment(TimeStampedMixin):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="student_enrollments", on_delete=models.CASCADE)
    course = models.ForeignKey(Course, related_name="enrollments", on_delete=models.CASCADE)
    status = models.CharField(max_length=20, default="active", choices=STATUS_CHOICES)
    completion_date = models.DateTimeField(null=True, blank=True)
    last_accessed = models.DateTimeField(null=True, blank=True)
    enrolled_date = models.DateTimeField(auto_now_add=True)
    total_time_spent = models.PositiveIntegerField(default=0)
    progress_percentage = models.PositiveIntegerField(default=0, validators=PERCENTAGE)
    last_lesson_accessed = models.ForeignKey(
        Lesson, related_name="last_accessed_enrollments", on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        ordering = ["-created_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course"], name="unique_active_enrollment", condition=~Q(status="unenrolled")
            )
        ]

    def __str__(self):
        return f"{self.user} in {self.course}"

    def clean(self):
        super().clean()
        if self.status == EnrollmentStatus.COMPLETED:
            self.completion_date = self.completion_date or timezone.now()

    def save(self, *args, **kwargs):
        if self.status == EnrollmentStatus.COMPLETED and self.completion_date is None:
            self.completion_date = timezone.now()
        return super().save(*args, **kwargs)

    def update_progress(self):
        """Recount from the lessons that exist now; nothing about the course is remembered between counts."""
        self.progress_percentage = calculate_course_progress(self)
        self.total_time_spent = self.progress.aggregate(total=Sum("time_spent"))["total"] or 0
        self.save(update_fields=["progress_percentage", "total_time_spent", "updated_date"])
        return self.progress_percentage

    def update_last_accessed(self):
        self.last_accessed = timezone.now()
        Enrollment.objects.filter(pk=self.pk).update(last_accessed=self.last_accessed)


class Progress(TimeStampedMixin):
    enrollment = models.ForeignKey(Enrollment, related_name="progress", on_delete=models.CASCADE)
    lesson = models.ForeignKey(Lesson, related_name="progress_records", on_delete=models.CASCADE)
    is_completed = models.BooleanField(default=False)
    completed_date = models.DateTimeField(null=True, blank=True)
    time_spent = models.PositiveIntegerField(default=0)
    progress_percentage = models.PositiveIntegerField(default=0, validators=PERCENTAGE)
    notes = models.TextField(blank=True, default="")
    last_accessed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_accessed"]
        verbose_name_plural = "progress"
        constraints = [models.UniqueConstraint(fields=["enrollment", "lesson"], name="unique_progress_record")]

    def __str__(self):
        return f"{self.enrollment}: {self.lesson}"

    def save(self, *args, **kwargs):
        self.last_accessed = timezone.now()
        if self.is_completed:
            self.completed_date = self.completed_date or timezone.now()
            self.progress_percentage = 100
        else:
            self.completed_date = None
        return super().save(*args, **kwargs)

    def update_last_accessed(self):
        self.last_accessed = timezone.now()
        Progress.objects.filter(pk=self.pk).update(last_accessed=self.last_accessed)


class Certificate(TimeStampedMixin):
    enrollment = models.OneToOneField(Enrollment, related_name="certificate", on_delete=models.CASCADE)
    certificate_number = models.CharField(
        max_length=50,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9-]+\Z", "Invalid certificate number."), validate_certificate_number],
    )
    is_valid = models.BooleanField(default=True)
    revocation_date = models.DateTimeField(null=True, blank=True)
    revocation_reason = models.TextField(blank=True, default="")
    verification_hash = models.CharField(max_length=64, unique=True, blank=True)
    template_version = models.CharField(max_length=10, default="1.0")

    class Meta:
        ordering = ["-created_date"]
        constraints = [
            models.UniqueConstraint(fields=["certificate_number"], name="unique_certificate_number"),
            models.UniqueConstraint(fields=["verification_hash"], name="unique_verification_hash"),
        ]

    def __str__(self):
        return self.certificate_number

    def clean(self):
        super().clean()
        if not self.is_valid and self.revocation_date is None:
            self.revocation_date = timezone.now()

    def save(self, *args, **kwargs):
        if not self.certificate_number:
            self.certificate_number = generate_certificate_number(self.enrollment.course_id, self.enrollment.user_id)
        if not self.verification_hash:
            self.verification_hash = generate_verification_hash(self.certificate_number, self.enrollment_id)
        return super().save(*args, **kwargs)

    def revoke(self, reason=None):
        self.is_valid = False
        self.revocation_date = timezone.now()
        self.revocation_reason = reason or "Revoked"
        self.save(update_fields=["is_valid", "revocation_date", "revocation_reason", "updated_date"])


class CourseProgress(TimeStampedMixin):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="course_progress_records", on_delete=models.CASCADE)
    course = models.ForeignKey(Course, related_name="student_progress", on_delete=models.CASCADE)
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
        ordering = ["-last_accessed"]
        verbose_name_plural = "course progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="unique_course_progress"),
            models.CheckConstraint(
                condition=Q(completion_percentage__gte=0, completion_percentage__lte=100),
                name="course_progress_percentage_range",
            ),
            models.CheckConstraint(
                condition=Q(lessons_completed__gte=0), name="course_progress_lessons_completed_positive"
            ),
            models.CheckConstraint(
                condition=Q(assessments_passed__gte=0), name="course_progress_assessments_passed_positive"
            ),
            models.CheckConstraint(condition=Q(study_streak_days__gte=0), name="course_progress_study_streak_positive"),
        ]

    def __str__(self):
        return f"{self.user} in {self.course}"

    @property
    def is_completed(self):
        return self.completed_at is not None

    @property
    def progress_percentage_float(self):
        return float(self.completion_percentage)

    def clean(self):
        super().clean()
        if self.current_lesson_id:
            own = self.current_lesson.module.course_id == self.course_id
            require(own, "current_lesson", "The lesson belongs to another course.")

    def update_from_lesson_progress(self):
        rows = Progress.objects.filter(enrollment__user_id=self.user_id, enrollment__course_id=self.course_id)
        rows = rows.exclude(enrollment__status=EnrollmentStatus.UNENROLLED)
        enrollment = Enrollment.objects.filter(user_id=self.user_id, course_id=self.course_id)
        enrollment = enrollment.exclude(status=EnrollmentStatus.UNENROLLED).first()
        self.lessons_completed = rows.filter(is_completed=True).count()
        self.total_time_spent = rows.aggregate(total=Sum("time_spent"))["total"] or 0
        self.completion_percentage = Decimal(calculate_course_progress(enrollment)) if enrollment else Decimal(0)
        self.last_accessed = timezone.now()
        self.save()

    def update_last_accessed(self):
        self.last_accessed = timezone.now()
        self.save(update_fields=["last_accessed", "updated_date"])

    def mark_completed(self):
        self.completion_percentage = Decimal("100.00")
        self.completed_at = self.completed_at or timezone.now()
        self.save()

    def reset_progress(self):
        self.completion_percentage = Decimal("0.00")
        self.completed_at = None
        self.current_lesson = None
        self.lessons_completed = self.assessments_passed = self.total_time_spent = 0
        self.save()
