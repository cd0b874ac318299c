"""Notification: a message to one user."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from .mixins import TimeStampedMixin, with_derived


class Notification(TimeStampedMixin):
    """A message, read or not; the date of reading follows `is_read`."""

    class NotificationType(models.TextChoices):
        COURSE_UPDATE = "course_update"
        REMINDER = "reminder"
        ACHIEVEMENT = "achievement"
        ANNOUNCEMENT = "announcement"
        FEEDBACK = "feedback"
        CUSTOM = "custom"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="course_notifications", on_delete=models.CASCADE
    )
    title = models.CharField(max_length=255)
    message = models.TextField()
    notification_type = models.CharField(
        max_length=255, default=NotificationType.ANNOUNCEMENT, choices=NotificationType
    )
    course = models.ForeignKey(
        "courses.Course", related_name="course_notifications", on_delete=models.CASCADE, null=True, blank=True
    )
    is_read = models.BooleanField(default=False)
    read_date = models.DateTimeField(null=True, blank=True)
    action_url = models.URLField(blank=True)

    class Meta:
        ordering = ("-created_date",)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.read_date = (self.read_date or timezone.now()) if self.is_read else None
        kwargs["update_fields"] = with_derived(kwargs.get("update_fields"), "read_date")
        super().save(*args, **kwargs)
