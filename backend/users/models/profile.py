"""What a person tells about themselves."""

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

PHONE_PATTERN = r"^\+?[0-9 ().-]{7,20}$"


class Profile(models.Model):
    """Made with the account; read by its owner and staff only (policy 6)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    profile_picture = models.ImageField(upload_to="profile_pictures/", null=True, blank=True)
    bio = models.TextField(max_length=500, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    phone_number = models.CharField(max_length=20, blank=True, validators=[RegexValidator(PHONE_PATTERN)])
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

    def __str__(self) -> str:
        return f"Profile of user {self.user_id}"
