"""Application configuration."""

from django.apps import AppConfig


class InstructorPortalConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "instructor_portal"
