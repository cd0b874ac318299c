"""EduCore project package."""

try:
    from .celery import app as celery_app
except ImportError:  # Celery is optional: without it every job runs in the calling process.
    celery_app = None

__all__ = ["celery_app"]
