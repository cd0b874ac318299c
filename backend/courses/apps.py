"""App configuration of `courses`."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Registers the app's signal handlers; touches no database (APP-03)."""

    name = "courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Both need the models, which exist only now.
        from . import catalogue_cache, permission_cache

        catalogue_cache.connect()
        permission_cache.connect()
        if find_spec("courses.signals"):
            import_module("courses.signals")
