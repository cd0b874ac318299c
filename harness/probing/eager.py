"""Tasks that are done in place, in a target of this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def errors_stay_in_tasks() -> Iterator[None]:
    """A block in which whoever starts a task is not told that it fails, as where a worker does it.

    Nothing is different where the target has no Celery.
    """
    apps = []
    if "celery.app.base" in sys.modules:
        from celery import _state

        apps = [(app, app.conf.task_eager_propagates) for app in _state._get_active_apps()]
    for app, _ in apps:
        app.conf.task_eager_propagates = False
    try:
        yield
    finally:
        for app, before in apps:
            app.conf.task_eager_propagates = before
