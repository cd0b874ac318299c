"""Application configuration."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "users"

    def ready(self):
        from . import signals  # noqa: F401

        try:
            import drf_spectacular  # noqa: F401
        except ImportError:
            return
        from . import schema  # noqa: F401
