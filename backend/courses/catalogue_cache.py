"""List answers that everybody of one level shares, until anything in the catalogue is written."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils.translation import get_language

from .committed_cache import forget, remember
from .viewer import Viewer

CATALOGUE_TIMEOUT = 60
CATALOGUE = "catalogue"
CATALOGUE_MODELS = (
    "courses.Category",
    "courses.Course",
    "courses.Module",
    "courses.Lesson",
    "courses.Resource",
    "courses.Assessment",
    "courses.Question",
    "courses.Answer",
    "instructor_portal.CourseInstructor",
)
# What other people see of an instructor; a sign-in writes other columns of the user.
NAME_FIELDS = frozenset({"first_name", "last_name", "username"})


def shared_answer(
    request: Any,
    operation: str,
    viewer: Viewer,
    compute: Callable[[], Any],
    timeout: int = CATALOGUE_TIMEOUT,
) -> Any:
    """The answer to this request for anybody of the viewer's level, made at most once in `timeout` seconds."""
    # The whole address is part of the key: answers hold links made from it.
    facts = "\n".join([operation, viewer.level, get_language() or "", request.build_absolute_uri()])
    return remember(CATALOGUE, hashlib.sha256(facts.encode()).hexdigest(), timeout, compute)


def catalogue_changed() -> None:
    """Drops the shared answers once the transaction commits; for writes that send no signals."""
    transaction.on_commit(_forget_catalogue)


def _forget_catalogue() -> None:
    forget(CATALOGUE)


def _on_write(**kwargs: Any) -> None:
    catalogue_changed()


def _on_user_write(created: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    if not created and (update_fields is None or NAME_FIELDS & set(update_fields)):
        catalogue_changed()


def connect() -> None:
    """Watches the models that lists are made of; called when the app is ready."""
    for model in CATALOGUE_MODELS:
        for signal in (post_save, post_delete):
            signal.connect(_on_write, sender=model, dispatch_uid=f"catalogue_cache.{model}")
    post_save.connect(_on_user_write, sender=settings.AUTH_USER_MODEL, dispatch_uid="catalogue_cache.user")
