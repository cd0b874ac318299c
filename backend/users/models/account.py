"""The account: its identity, its role, and how failed sign-ins lock it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser, PermissionsMixin
from django.core.validators import EmailValidator, MaxValueValidator, MinLengthValidator, RegexValidator
from django.db import models
from django.db.models.functions import Least
from django.utils import timezone

from ..managers import CustomUserManager
from .login_log import LoginLog

MAX_LOGIN_ATTEMPTS = 999
LOCKOUT_THRESHOLD = 5
LOCKOUT_DURATION_MINUTES = 30
EXTENDED_LOCKOUT_THRESHOLD = 10
EXTENDED_LOCKOUT_HOURS = 24
EMAIL_PATTERN = r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$"
USERNAME_PATTERN = r"^[\w.@+-]+$"


class CustomUser(AbstractUser, PermissionsMixin):
    """A person who signs in by e-mail.

    `ban_expires_at` serves bans and lockouts alike: until then the account may not sign in.
    """

    class Role(models.TextChoices):
        STUDENT = "student"
        INSTRUCTOR = "instructor"
        ADMIN = "admin"
        STAFF = "staff"

    email = models.EmailField(unique=True, validators=[EmailValidator()])
    username = models.CharField(
        max_length=150, unique=True, validators=[MinLengthValidator(3), RegexValidator(USERNAME_PATTERN)]
    )
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.STUDENT, db_index=True)
    is_email_verified = models.BooleanField(default=False, db_index=True)
    date_joined = models.DateTimeField(default=timezone.now, db_index=True)
    last_login = models.DateTimeField(null=True, blank=True, db_index=True)
    failed_login_attempts = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(MAX_LOGIN_ATTEMPTS)]
    )
    ban_expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    is_active = models.BooleanField(default=True, db_index=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["username"]

    # AbstractUser annotates its own manager.
    objects = CustomUserManager()  # type: ignore[assignment, misc]

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    failed_login_attempts__gte=0, failed_login_attempts__lte=MAX_LOGIN_ATTEMPTS
                ),
                name="valid_failed_login_attempts",
            ),
            models.CheckConstraint(condition=models.Q(email__regex=EMAIL_PATTERN), name="valid_email_format"),
        )

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """First and last name; the username when there is neither. Never the address (policy 6)."""
        return super().get_full_name() or self.username

    def has_role(self, role: str) -> bool:
        return self.role == role

    @property
    def is_student(self) -> bool:
        return self.has_role(self.Role.STUDENT)

    @property
    def is_instructor(self) -> bool:
        return self.has_role(self.Role.INSTRUCTOR)

    @property
    def is_admin(self) -> bool:
        return self.has_role(self.Role.ADMIN)

    @property
    def is_staff_member(self) -> bool:
        return self.is_staff or self.has_role(self.Role.STAFF)

    def is_account_locked(self) -> bool:
        """Whether a ban or a lockout is still running."""
        return self.ban_expires_at is not None and self.ban_expires_at > timezone.now()

    def unlock_account(self) -> None:
        """End the lockout or ban and forget the failed attempts."""
        self._write(failed_login_attempts=0, ban_expires_at=None)

    def record_login_attempt(self, successful: bool = False, request: Any = None) -> None:
        """Log the attempt; a success clears the count, failures from a threshold on lock the account.

        Attempts during a lockout are logged but do not prolong it.
        """
        LoginLog.record(self, successful=successful, request=request)
        if successful:
            self._write(failed_login_attempts=0, last_login=timezone.now())
        elif not self.is_account_locked():
            attempts = Least(models.F("failed_login_attempts") + 1, models.Value(MAX_LOGIN_ATTEMPTS))
            self._write(failed_login_attempts=attempts)
            self.refresh_from_db(fields=["failed_login_attempts"])
            if lockout := self._lockout_duration():
                self._write(ban_expires_at=timezone.now() + lockout)

    def _lockout_duration(self) -> timedelta | None:
        if self.failed_login_attempts >= EXTENDED_LOCKOUT_THRESHOLD:
            return timedelta(hours=EXTENDED_LOCKOUT_HOURS)
        if self.failed_login_attempts >= LOCKOUT_THRESHOLD:
            return timedelta(minutes=LOCKOUT_DURATION_MINUTES)
        return None

    def _write(self, **values: Any) -> None:
        """Write these columns alone: sign-ins must not overwrite what others change at the same time."""
        type(self)._default_manager.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
