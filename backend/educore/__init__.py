"""Project package: settings, URLs and the server and worker entry points."""

from .celery import app as celery_app

__all__ = ["celery_app"]
