"""Pushes committed progress changes to whoever listens for a user."""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


def send_to_channel_layer(user_id, payload):
    """Default notifier: one message to the group of the user, if a channel layer is there."""
    try:
        from asgiref.sync import async_to_sync
        from channels.layers import get_channel_layer
    except ImportError:
        return
    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(f"user_{user_id}", {"type": "progress.update", **payload})


def notify_progress(user_id, payload):
    """Never lets a failing listener undo or delay what has been saved."""
    try:
        import_string(settings.COURSES_PROGRESS_NOTIFIER)(user_id, payload)
    except Exception:
        logger.exception("Progress notification for user %s failed", user_id)
