"""App configuration of `instructor_portal`."""

from importlib import import_module

from django.apps import AppConfig


class InstructorPortalConfig(AppConfig):
    """Registers the app's signal handlers."""

    name = "instructor_portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("instructor_portal.signals")
