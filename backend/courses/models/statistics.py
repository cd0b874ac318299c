"""What is counted about learners and courses."""

from django.conf import settings
from django.db import models

from .mixins import TimeStampedMixin


class UserActivity(TimeStampedMixin):
    """One thing a learner did."""

    class ActivityType(models.TextChoices):
        VIEW_COURSE = "view_course"
        START_LESSON = "start_lesson"
        COMPLETE_LESSON = "complete_lesson"
        DOWNLOAD_RESOURCE = "download_resource"
        TAKE_QUIZ = "take_quiz"
        POST_COMMENT = "post_comment"
        GIVE_REVIEW = "give_review"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="course_activities", on_delete=models.CASCADE
    )
    activity_type = models.CharField(max_length=255, choices=ActivityType)
    course = models.ForeignKey(
        "courses.Course", related_name="course_activities", on_delete=models.CASCADE, null=True, blank=True
    )
    lesson = models.ForeignKey(
        "courses.Lesson", related_name="lesson_activities", on_delete=models.CASCADE, null=True, blank=True
    )
    resource = models.ForeignKey(
        "courses.Resource",
        related_name="resource_activities",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    assessment = models.ForeignKey(
        "courses.Assessment",
        related_name="assessment_activities",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    data = models.JSONField(blank=True, default=dict)

    class Meta:
        ordering = ("-created_date",)
        verbose_name_plural = "user activities"

    def __str__(self) -> str:
        return f"{self.user}: {self.get_activity_type_display()}"


class CourseStats(TimeStampedMixin):
    """Totals of one course, for its instructors."""

    course = models.OneToOneField("courses.Course", related_name="stats", on_delete=models.CASCADE)
    total_students = models.PositiveIntegerField(default=0)
    active_students = models.PositiveIntegerField(default=0)
    completion_count = models.PositiveIntegerField(default=0)
    average_completion_days = models.PositiveIntegerField(default=0)
    engagement_score = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    assessment_stats = models.JSONField(blank=True, default=dict)
    revenue_data = models.JSONField(blank=True, default=dict)

    class Meta:
        verbose_name_plural = "course stats"

    def __str__(self) -> str:
        return f"{self.course}: {self.total_students}"


class UserStats(TimeStampedMixin):
    """Totals of one learner."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, related_name="course_stats", on_delete=models.CASCADE
    )
    courses_enrolled = models.PositiveIntegerField(default=0)
    courses_completed = models.PositiveIntegerField(default=0)
    total_time_spent_seconds = models.PositiveBigIntegerField(default=0)
    assessment_avg_score = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    last_activity = models.DateTimeField(null=True, blank=True)
    activity_streak = models.PositiveIntegerField(default=0)
    learning_habits = models.JSONField(blank=True, default=dict)

    class Meta:
        verbose_name_plural = "user stats"

    def __str__(self) -> str:
        return f"{self.user}: {self.courses_completed}/{self.courses_enrolled}"
