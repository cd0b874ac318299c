"""Tells a learner's open pages that progress changed, once the change is committed (UX-05)."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from django.utils.module_loading import import_string

from .models import Progress

logger = logging.getLogger(__name__)
Notifier = Callable[[int, Mapping[str, Any]], None]

MESSAGE_TYPE = "progress.changed"


def progress_group(user_id: int) -> str:
    """The channel group of one user's open pages."""
    return f"progress.{user_id}"


def send_to_channel_layer(user_id: int, message: Mapping[str, Any]) -> None:
    """The default notifier: to the user's group; nothing where Channels is missing or not configured."""
    try:
        from asgiref.sync import async_to_sync
        from channels.layers import get_channel_layer
    except ImportError:
        return
    layer = get_channel_layer()
    if layer is not None:
        event = {"type": MESSAGE_TYPE, "message": dict(message)}
        async_to_sync(layer.group_send)(progress_group(user_id), event)


def notify_progress(progress: Progress, using: str | None = None) -> None:
    """Has one message sent when the transaction commits, however often the row is saved until then."""
    delivery = _Delivery(progress.pk, using)
    connection = transaction.get_connection(using)
    # What a savepoint takes back is gone from this list, too.
    waiting = [entry[1] for entry in connection.run_on_commit]
    if delivery not in waiting:
        transaction.on_commit(delivery, using=using)


@dataclass(frozen=True)
class _Delivery:
    progress_id: int
    using: str | None

    def __call__(self) -> None:
        """Sends the message; the change is committed, whatever becomes of it."""
        try:
            self._deliver()
        except Exception:  # whatever the layer or the notifier of this installation raises
            logger.exception("Progress %s was not told", self.progress_id)

    def _deliver(self) -> None:
        """Sends the row as it was committed; nothing if it is gone."""
        rows = Progress.objects.using(self.using).select_related("enrollment__course")
        progress = rows.filter(pk=self.progress_id).first()
        if progress is not None:
            notifier = cast(Notifier, import_string(settings.PROGRESS_NOTIFIER))
            notifier(progress.enrollment.user_id, _message(progress))


def _message(progress: Progress) -> dict[str, Any]:
    return {
        "type": MESSAGE_TYPE,
        "progress": progress.pk,
        "lesson": progress.lesson_id,
        "course": progress.enrollment.course.slug,
        "is_completed": progress.is_completed,
        "progress_percentage": progress.progress_percentage,
        "course_progress_percentage": progress.enrollment.progress_percentage,
    }


def _on_save(instance: Progress, using: str, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        notify_progress(instance, using)


def connect() -> None:
    """Watches progress rows; called when the app is ready."""
    post_save.connect(_on_save, sender=Progress, dispatch_uid="notifications.progress")
