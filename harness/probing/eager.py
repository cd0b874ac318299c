"""Tasks that are done in place, in a target of this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4


@dataclass(frozen=True)
class Sent:
    """A task that was handed over.

    Attributes:
        values: what it was given.
        at_once: it may begin while what its sender wrote is not committed.
    """

    name: str
    values: tuple[Any, ...]
    at_once: bool


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


@contextmanager
def nobody_takes_tasks() -> Iterator[list[str]]:
    """A block in which no task is taken, as where the broker is gone. Yields the names of those that were to be.

    Nothing is different where the target has no Celery.
    """
    refused: list[str] = []
    if "celery.app.base" not in sys.modules:
        yield refused
        return
    from celery.app.task import Task
    from kombu.exceptions import OperationalError

    def refuse(task: Any, *_arguments: Any, **_options: Any) -> Any:
        refused.append(task.name)
        raise OperationalError("nobody listens where the broker should be")

    genuine, Task.apply_async = Task.apply_async, refuse
    try:
        yield refused
    finally:
        Task.apply_async = genuine


@contextmanager
def tasks_sent() -> Iterator[list[Sent]]:
    """A block in which tasks are taken, and never begun. Yields those that were handed over inside.

    Nothing is different where the target has no Celery.
    """
    sent: list[Sent] = []
    if "celery.app.base" not in sys.modules:
        yield sent
        return
    from celery.app.task import Task
    from celery.result import AsyncResult
    from django.db import connection

    def take(task: Any, args: Any = None, kwargs: Any = None, *_more: Any, **options: Any) -> Any:
        waits = options.get("countdown") or options.get("eta")
        values = (*(args or ()), *(kwargs or {}).values())
        sent.append(Sent(task.name, values, connection.in_atomic_block and not waits))
        return AsyncResult(str(uuid4()), app=task.app)

    genuine, Task.apply_async = Task.apply_async, take
    try:
        yield sent
    finally:
        Task.apply_async = genuine
