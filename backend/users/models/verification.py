"""One-time tokens sent by mail: to prove an address, to set a new password."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

EMAIL_VERIFICATION_HOURS = 48
PASSWORD_RESET_HOURS = 1


class OneTimeToken(models.Model):
    """A random token that is good once, for a while."""

    LIFETIME_HOURS: ClassVar[int]
    USED_AT_FIELD: ClassVar[str]

    token = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    is_used = models.BooleanField(default=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.expires_at is None:
            self.expires_at = timezone.now() + timedelta(hours=self.LIFETIME_HOURS)
        super().save(*args, **kwargs)

    def is_valid(self) -> bool:
        """Whether the token may still be used."""
        return not self.is_used and self.expires_at > timezone.now()

    def use_token(self) -> bool:
        """Use the token up; False when it was used before, perhaps a moment ago, or is too old."""
        now: datetime = timezone.now()
        values = {"is_used": True, self.USED_AT_FIELD: now}
        unused = type(self)._default_manager.filter(pk=self.pk, is_used=False, expires_at__gt=now)
        if not unused.update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True


class EmailVerification(OneTimeToken):
    """Proves that the account's owner reads the address."""

    LIFETIME_HOURS = EMAIL_VERIFICATION_HOURS
    USED_AT_FIELD = "verified_at"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_verifications"
    )
    verified_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"E-mail verification of user {self.user_id}"


class PasswordReset(OneTimeToken):
    """Lets the account's owner set a new password."""

    LIFETIME_HOURS = PASSWORD_RESET_HOURS
    USED_AT_FIELD = "used_at"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="password_resets"
    )
    used_at = models.DateTimeField(null=True, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Password reset of user {self.user_id}"
