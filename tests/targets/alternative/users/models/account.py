"""Users, their profile and the log of their logins."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, PermissionsMixin, UserManager
from django.core.validators import (
    EmailValidator,
    MaxValueValidator,
    MinLengthValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import Q
from django.utils import timezone

MAX_LOGIN_ATTEMPTS = 5
LOCKOUT_DURATION_MINUTES = 15
EXTENDED_LOCKOUT_HOURS = 24
LOCKOUT_THRESHOLD = MAX_LOGIN_ATTEMPTS
EXTENDED_LOCKOUT_THRESHOLD = 10


class CustomUserManager(UserManager):
    """Accounts are named by e-mail; the user name may be left out. It is shown to others, so it is not made of that."""

    def _free_username(self):
        return f"member-{secrets.token_hex(6)}"

    def create_user(self, email=None, password=None, username=None, **extra):
        if not email:
            raise ValueError("An e-mail address is required.")
        extra.setdefault("is_staff", False)
        extra.setdefault("is_superuser", False)
        email = self.normalize_email(email)
        user = self.model(email=email, username=username or self._free_username(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email=None, password=None, username=None, **extra):
        extra.update(is_staff=True, is_superuser=True)
        extra.setdefault("role", "admin")
        return self.create_user(email, password, username, **extra)


class CustomUser(AbstractUser, PermissionsMixin):
    class Role(models.TextChoices):
        STUDENT = "student", "Student"
        INSTRUCTOR = "instructor", "Instructor"
        ADMIN = "admin", "Administrator"
        STAFF = "staff", "Staff"

    email = models.EmailField(unique=True, validators=[EmailValidator()])
    username = models.CharField(
        max_length=150,
        unique=True,
        validators=[MinLengthValidator(3), RegexValidator(r"^[\w.@+-]+\Z", "Letters, digits and @/./+/-/_ only.")],
    )
    role = models.CharField(max_length=20, default=Role.STUDENT, choices=Role.choices, db_index=True)
    is_email_verified = models.BooleanField(default=False, db_index=True)
    date_joined = models.DateTimeField(default=timezone.now, db_index=True)
    last_login = models.DateTimeField(null=True, blank=True, db_index=True)
    failed_login_attempts = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])
    ban_expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    is_active = models.BooleanField(default=True, db_index=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["username"]
    objects = CustomUserManager()

    class Meta:
        verbose_name = "user"
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_login_attempts__gte=0, failed_login_attempts__lte=999),
                name="valid_failed_login_attempts",
            ),
            models.CheckConstraint(
                condition=Q(email__regex=r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$"), name="valid_email_format"
            ),
        ]

    def __str__(self):
        return self.email

    def get_full_name(self):
        # Some sign up with their address as a username: what stands before the @ is what others see.
        return f"{self.first_name} {self.last_name}".strip() or self.username.partition("@")[0]

    def has_role(self, role):
        return self.role == role

    is_student = property(lambda self: self.role == self.Role.STUDENT)
    is_instructor = property(lambda self: self.role == self.Role.INSTRUCTOR)
    is_admin = property(lambda self: self.role == self.Role.ADMIN)
    is_staff_member = property(lambda self: self.role == self.Role.STAFF or self.is_staff)

    def record_login_attempt(self, successful=False, request=None):
        """Log an attempt; failures in a row lock the account, the longer the more there were."""
        meta = request.META if request is not None else {}
        LoginLog.objects.create(
            user=self,
            ip_address=meta.get("REMOTE_ADDR") or "0.0.0.0",
            user_agent=meta.get("HTTP_USER_AGENT", "")[:500],
            successful=successful,
        )
        if successful:
            self.unlock_account()
            return
        self.failed_login_attempts = min(self.failed_login_attempts + 1, 999)
        if self.failed_login_attempts >= EXTENDED_LOCKOUT_THRESHOLD:
            self.ban_expires_at = timezone.now() + timedelta(hours=EXTENDED_LOCKOUT_HOURS)
        elif self.failed_login_attempts >= LOCKOUT_THRESHOLD:
            self.ban_expires_at = timezone.now() + timedelta(minutes=LOCKOUT_DURATION_MINUTES)
        self.save(update_fields=["failed_login_attempts", "ban_expires_at"])

    def is_account_locked(self):
        return self.ban_expires_at is not None and self.ban_expires_at > timezone.now()

    def unlock_account(self):
        self.failed_login_attempts = 0
        self.ban_expires_at = None
        self.save(update_fields=["failed_login_attempts", "ban_expires_at"])


class LoginLog(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="login_logs", on_delete=models.CASCADE)
    timestamp = models.DateTimeField(auto_now_add=True, db_index=True)
    ip_address = models.GenericIPAddressField(db_index=True)
    user_agent = models.TextField(max_length=500)
    successful = models.BooleanField(default=False, db_index=True)

    class Meta:
        ordering = ["-timestamp"]

    def __str__(self):
        return f"{self.user} {self.timestamp:%Y-%m-%d %H:%M}"


class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, related_name="profile", on_delete=models.CASCADE)
    profile_picture = models.ImageField(upload_to="profile_pictures", null=True, blank=True)
    bio = models.TextField(max_length=500, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    phone_number = models.CharField(
        max_length=20, blank=True, validators=[RegexValidator(r"^\+?[0-9 ()-]{7,20}\Z", "Enter a phone number.")]
    )
    address = models.TextField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    website = models.URLField(blank=True)
    linkedin = models.URLField(blank=True)
    twitter = models.CharField(max_length=100, blank=True)
    github = models.CharField(max_length=100, blank=True)
    expertise = models.CharField(max_length=200, blank=True)
    teaching_experience = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(50)])
    educational_background = models.TextField(max_length=500, blank=True)
    interests = models.TextField(max_length=500, blank=True)
    receive_email_notifications = models.BooleanField(default=True)
    receive_marketing_emails = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"Profile of {self.user}"
