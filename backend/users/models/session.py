"""Devices on which an account is signed in."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..client_address import MAX_USER_AGENT_LENGTH

SESSION_EXTENSION_HOURS = 24
MAX_SESSION_EXTENSION_HOURS = 24 * 30


class UserSession(models.Model):
    """One signed-in device."""

    class DeviceType(models.TextChoices):
        DESKTOP = "desktop"
        MOBILE = "mobile"
        TABLET = "tablet"
        BOT = "bot"
        UNKNOWN = "unknown"

    class LoginMethod(models.TextChoices):
        CREDENTIALS = "credentials"
        SOCIAL_GOOGLE = "social_google"
        SOCIAL_GITHUB = "social_github"
        API_KEY = "api_key", "API key"
        SSO = "sso", "SSO"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=255, unique=True)
    ip_address = models.GenericIPAddressField(db_index=True)
    user_agent = models.TextField(max_length=MAX_USER_AGENT_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    last_activity = models.DateTimeField(auto_now=True, db_index=True)
    is_active = models.BooleanField(default=True, db_index=True)
    device_type = models.CharField(max_length=50, choices=DeviceType.choices, default=DeviceType.UNKNOWN)
    location = models.CharField(max_length=100, blank=True)
    login_method = models.CharField(
        max_length=50, choices=LoginMethod.choices, default=LoginMethod.CREDENTIALS
    )

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"Session of user {self.user_id} from {self.created_at}"

    def is_valid(self) -> bool:
        return self.is_active and self.expires_at > timezone.now()

    def extend_session(self, duration_hours: int = SESSION_EXTENSION_HOURS) -> None:
        """Let the session live `duration_hours` from now; ValueError outside 1 hour to 30 days."""
        if not 1 <= duration_hours <= MAX_SESSION_EXTENSION_HOURS:
            raise ValueError(f"A session is extended by 1 to {MAX_SESSION_EXTENSION_HOURS} hours.")
        self.expires_at = timezone.now() + timedelta(hours=duration_hours)
        self.save(update_fields=["expires_at", "last_activity"])

    def invalidate(self) -> None:
        self.is_active = False
        self.save(update_fields=["is_active", "last_activity"])
