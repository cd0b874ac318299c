"""Tasks that are done in place, in a target of this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
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

    def refuse(task: Any, *_arguments: Any, **_options: Any) -> Any:
        from kombu.exceptions import OperationalError

        refused.append(task.name)
        raise OperationalError("nobody listens where the broker should be")

    with _handed_to(refuse):
        yield refused


@contextmanager
def tasks_sent() -> Iterator[list[Sent]]:
    """A block in which tasks are taken, and never begun. Yields those that were handed over inside.

    Nothing is different where the target has no Celery.
    """
    sent: list[Sent] = []

    def take(task: Any, args: Any = None, kwargs: Any = None, *_more: Any, **options: Any) -> Any:
        from celery.result import AsyncResult
        from django.db import connection

        waits = options.get("countdown") or options.get("eta")
        values = (*(args or ()), *(kwargs or {}).values())
        sent.append(Sent(task.name, values, connection.in_atomic_block and not waits))
        return AsyncResult(str(uuid4()), app=task.app)

    with _handed_to(take):
        yield sent


@contextmanager
def _handed_to(taker: Callable[..., Any]) -> Iterator[None]:
    """A block in which whoever sends a task, sends it to this function, which is given the task and what it is sent with."""
    if "celery.app.base" not in sys.modules:
        yield
        return
    from celery.app.task import Task

    with patch.object(Task, "apply_async", taker):
        yield
