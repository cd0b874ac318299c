"""Activity, statistics, notifications, bookmarks and preferences of users."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from ..utils.model_helpers import create_json_field
from .analytics import Assessment
from .core import Course, Lesson, Resource
from .mixins import TimeStampedMixin, require


def _pairs(names):
    return [(name, name.replace("_", " ").title()) for name in names.split()]


class UserActivity(TimeStampedMixin):
    ACTIVITY_TYPES = _pairs(
        "view_course start_lesson complete_lesson download_resource take_quiz post_comment give_review"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="course_activities", on_delete=models.CASCADE)
    activity_type = models.CharField(max_length=255, choices=ACTIVITY_TYPES)
    course = models.ForeignKey(
        Course, related_name="course_activities", on_delete=models.CASCADE, null=True, blank=True
    )
    lesson = models.ForeignKey(
        Lesson, related_name="lesson_activities", on_delete=models.CASCADE, null=True, blank=True
    )
    resource = models.ForeignKey(
        Resource, related_name="resource_activities", on_delete=models.CASCADE, null=True, blank=True
    )
    assessment = models.ForeignKey(
        Assessment, related_name="assessment_activities", on_delete=models.CASCADE, null=True, blank=True
    )
    data = models.JSONField(blank=True, default=dict)

    class Meta:
        ordering = ["-created_date"]
        verbose_name_plural = "user activities"

    def __str__(self):
        return f"{self.user}: {self.activity_type}"


class CourseStats(TimeStampedMixin):
    course = models.OneToOneField(Course, related_name="stats", on_delete=models.CASCADE)
    total_students = models.PositiveIntegerField(default=0)
    active_students = models.PositiveIntegerField(default=0)
    completion_count = models.PositiveIntegerField(default=0)
    average_completion_days = models.PositiveIntegerField(default=0)
    engagement_score = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    assessment_stats = models.JSONField(blank=True, default=dict)
    revenue_data = models.JSONField(blank=True, default=dict)

    class Meta:
        verbose_name_plural = "course stats"

    def __str__(self):
        return f"Statistics of {self.course}"


class UserStats(TimeStampedMixin):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, related_name="course_stats", on_delete=models.CASCADE)
    courses_enrolled = models.PositiveIntegerField(default=0)
    courses_completed = models.PositiveIntegerField(default=0)
    total_time_spent_seconds = models.PositiveBigIntegerField(default=0)
    assessment_avg_score = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    last_activity = models.DateTimeField(null=True, blank=True)
    activity_streak = models.PositiveIntegerField(default=0)
    learning_habits = models.JSONField(blank=True, default=dict)

    class Meta:
        verbose_name_plural = "user stats"

    def __str__(self):
        return f"Statistics of {self.user}"


class Notification(TimeStampedMixin):
    TYPES = _pairs("course_update reminder achievement announcement feedback custom")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="course_notifications", on_delete=models.CASCADE)
    title = models.CharField(max_length=255)
    message = models.TextField()
    notification_type = models.CharField(max_length=255, default="announcement", choices=TYPES)
    course = models.ForeignKey(
        Course, related_name="course_notifications", on_delete=models.CASCADE, null=True, blank=True
    )
    is_read = models.BooleanField(default=False)
    read_date = models.DateTimeField(null=True, blank=True)
    action_url = models.URLField(blank=True)

    class Meta:
        ordering = ["-created_date"]

    def __str__(self):
        return self.title


class Bookmark(TimeStampedMixin):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="bookmarks", on_delete=models.CASCADE)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=255, db_index=True)
    title = models.CharField(max_length=200, blank=True, default="")
    notes = models.TextField(null=True, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    is_favorite = models.BooleanField(default=False)
    tags = create_json_field(max_items=20)
    content_object = GenericForeignKey("content_type", "object_id")

    class Meta:
        ordering = ["position", "-created_date"]
        constraints = [
            models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="unique_bookmark_per_user")
        ]

    def __str__(self):
        return self.title or f"{self.content_type} {self.object_id}"

    def get_url(self):
        target = self.content_object
        return target.get_absolute_url() if hasattr(target, "get_absolute_url") else ""


class UserPreference(TimeStampedMixin):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, related_name="course_preferences", on_delete=models.CASCADE)
    email_notifications = models.BooleanField(default=True)
    push_notifications = models.BooleanField(default=True)
    reminder_frequency = models.CharField(
        max_length=20, default="weekly", choices=_pairs("never daily weekly biweekly monthly")
    )
    theme = models.CharField(max_length=20, default="system", choices=_pairs("system light dark high_contrast"))
    language = models.CharField(max_length=10, default="en")
    timezone = models.CharField(max_length=50, blank=True, default="")
    autoplay_videos = models.BooleanField(default=True)
    video_playback_speed = models.DecimalField(max_digits=3, decimal_places=2, default=1.0)
    auto_advance_lessons = models.BooleanField(default=False)
    content_filters = models.JSONField(blank=True, default=dict)
    accessibility = models.JSONField(blank=True, default=dict)
    profile_visibility = models.CharField(
        max_length=20, default="students_only", choices=_pairs("public students_only private")
    )
    show_progress_to_instructors = models.BooleanField(default=True)

    def __str__(self):
        return f"Preferences of {self.user}"

    def clean(self):
        super().clean()
        fits = self.video_playback_speed is not None and 0.25 <= float(self.video_playback_speed) <= 4
        require(fits, "video_playback_speed", "Enter a speed between 0.25 and 4.")

    def get_effective_theme(self):
        return "light" if self.theme == "system" else self.theme

    def get_notification_settings(self):
        return {
            "email": self.email_notifications,
            "push": self.push_notifications,
            "reminder_frequency": self.reminder_frequency,
        }

    def update_content_filter(self, filter_name, value):
        self.content_filters = {**self.content_filters, filter_name: value}
        self.save(update_fields=["content_filters", "updated_date"])

    def update_accessibility_setting(self, setting_name, value):
        self.accessibility = {**self.accessibility, setting_name: value}
        self.save(update_fields=["accessibility", "updated_date"])

    def reset_to_defaults(self):
        untouched = {"id", "user", "created_date", "updated_date"}
        for field in self._meta.fields:
            if field.name not in untouched:
                setattr(self, field.name, field.get_default())
        self.save()
