"""Single-use tokens and sessions."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

EMAIL_VERIFICATION_HOURS = 24
PASSWORD_RESET_HOURS = 1
SESSION_EXTENSION_HOURS = 24
MAX_SESSION_EXTENSION_HOURS = 168


class _SingleUseToken(models.Model):
    lifetime_hours = 1
    used_field = "used_at"

    token = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    is_used = models.BooleanField(default=False, db_index=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self._meta.verbose_name} of {self.user}"

    def save(self, *args, **kwargs):
        if self.expires_at is None:
            self.expires_at = timezone.now() + timedelta(hours=self.lifetime_hours)
        return super().save(*args, **kwargs)

    def is_valid(self):
        return not self.is_used and self.expires_at > timezone.now()

    def use_token(self):
        """Spend the token; of several callers only one succeeds."""
        if not self.is_valid():
            return False
        now = timezone.now()
        fresh = type(self).objects.filter(pk=self.pk, is_used=False)
        if not fresh.update(is_used=True, **{self.used_field: now}):
            return False
        self.is_used = True
        setattr(self, self.used_field, now)
        return True


class EmailVerification(_SingleUseToken):
    lifetime_hours = EMAIL_VERIFICATION_HOURS
    used_field = "verified_at"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="email_verifications", on_delete=models.CASCADE)
    verified_at = models.DateTimeField(null=True, blank=True)


class PasswordReset(_SingleUseToken):
    lifetime_hours = PASSWORD_RESET_HOURS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="password_resets", on_delete=models.CASCADE)
    used_at = models.DateTimeField(null=True, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)


class UserSession(models.Model):
    DEVICES = [(name, name.title()) for name in ("desktop", "mobile", "tablet", "bot", "unknown")]
    METHODS = [
        ("credentials", "Credentials"),
        ("social_google", "Google"),
        ("social_github", "GitHub"),
        ("api_key", "API key"),
        ("sso", "Single sign-on"),
    ]
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="sessions", on_delete=models.CASCADE)
    session_key = models.CharField(max_length=255, unique=True)
    ip_address = models.GenericIPAddressField(db_index=True)
    user_agent = models.TextField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    last_activity = models.DateTimeField(auto_now=True, db_index=True)
    is_active = models.BooleanField(default=True, db_index=True)
    device_type = models.CharField(max_length=50, default="unknown", choices=DEVICES)
    location = models.CharField(max_length=100, blank=True)
    login_method = models.CharField(max_length=50, default="credentials", choices=METHODS)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"Session of {self.user}"

    def is_valid(self):
        return self.is_active and self.expires_at > timezone.now()

    def extend_session(self, duration_hours=SESSION_EXTENSION_HOURS):
        hours = max(0, min(duration_hours, MAX_SESSION_EXTENSION_HOURS))
        self.expires_at = timezone.now() + timedelta(hours=hours)
        self.save(update_fields=["expires_at", "last_activity"])

    def invalidate(self):
        self.is_active = False
        self.save(update_fields=["is_active", "last_activity"])
