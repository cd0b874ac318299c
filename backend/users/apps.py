"""App configuration of `users`."""

from importlib import import_module

from django.apps import AppConfig, apps


class UsersConfig(AppConfig):
    """Registers the app's signal handlers and its part of the API schema."""

    name = "users"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("users.signals")
        # Without drf-spectacular there is no schema to be part of (VIEW-08).
        if apps.is_installed("drf_spectacular"):
            import_module("users.schema")
