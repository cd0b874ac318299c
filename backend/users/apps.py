"""App configuration of `users`."""

from importlib import import_module

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """Registers the app's signal handlers and its part of the API schema."""

    name = "users"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("users.signals")
        import_module("users.schema")
