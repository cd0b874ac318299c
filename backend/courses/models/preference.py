"""UserPreference: how a user wants the platform to behave."""

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .mixins import TimeStampedMixin


class UserPreference(TimeStampedMixin):
    """One row per user."""

    class ReminderFrequency(models.TextChoices):
        NEVER = "never"
        DAILY = "daily"
        WEEKLY = "weekly"
        BIWEEKLY = "biweekly"
        MONTHLY = "monthly"

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"
        HIGH_CONTRAST = "high_contrast"

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        STUDENTS_ONLY = "students_only"
        PRIVATE = "private"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, related_name="course_preferences", on_delete=models.CASCADE
    )
    email_notifications = models.BooleanField(default=True)
    push_notifications = models.BooleanField(default=True)
    reminder_frequency = models.CharField(
        max_length=20, default=ReminderFrequency.WEEKLY, choices=ReminderFrequency
    )
    theme = models.CharField(max_length=20, default=Theme.SYSTEM, choices=Theme)
    language = models.CharField(max_length=10, default="en")
    timezone = models.CharField(max_length=50, blank=True, default="")
    autoplay_videos = models.BooleanField(default=True)
    video_playback_speed = models.DecimalField(max_digits=3, decimal_places=2, default=1.0)
    auto_advance_lessons = models.BooleanField(default=False)
    content_filters = models.JSONField(blank=True, default=dict)
    accessibility = models.JSONField(blank=True, default=dict)
    profile_visibility = models.CharField(max_length=20, default=Visibility.STUDENTS_ONLY, choices=Visibility)
    show_progress_to_instructors = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"Preferences of {self.user}"

    def clean(self) -> None:
        """ValidationError for an unknown time zone or a playback speed that nobody can follow."""
        super().clean()
        if self.timezone and self.timezone not in available_timezones():
            raise ValidationError({"timezone": _("Enter a known time zone.")})
        if not Decimal("0.25") <= Decimal(str(self.video_playback_speed)) <= Decimal(4):
            raise ValidationError({"video_playback_speed": _("Enter a speed from 0.25 to 4.")})

    def get_effective_theme(self) -> str:
        """The theme to draw, high contrast if the user needs it."""
        return self.Theme.HIGH_CONTRAST if self.accessibility.get("high_contrast") else self.theme

    def get_notification_settings(self) -> dict[str, Any]:
        """Channels and frequency of messages to the user."""
        return {
            "email": self.email_notifications,
            "push": self.push_notifications,
            "reminder_frequency": self.reminder_frequency,
        }

    def update_content_filter(self, filter_name: str, value: Any) -> None:
        """Sets one content filter and saves."""
        self.content_filters[filter_name] = value
        self.save(update_fields=["content_filters", "updated_date"])

    def update_accessibility_setting(self, setting_name: str, value: Any) -> None:
        """Sets one accessibility setting and saves."""
        self.accessibility[setting_name] = value
        self.save(update_fields=["accessibility", "updated_date"])

    def reset_to_defaults(self) -> None:
        """Forgets every choice of the user and saves."""
        for field in self._meta.concrete_fields:
            if field.has_default():
                setattr(self, field.attname, field.get_default())
        self.save()
