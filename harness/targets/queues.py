"""Queues of tasks that are told elsewhere than in settings named CELERY_*."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

# Settings of queues in whose place nothing of the gate's stands.
OTHER_QUEUES = {
    "RQ_QUEUES": "RQ",
    "HUEY": "Huey",
    "DRAMATIQ_BROKER": "Dramatiq",
    "Q_CLUSTER": "Django Q",
}
_SETTINGS = {
    "broker_url": "CELERY_BROKER_URL",
    "broker_read_url": "CELERY_BROKER_URL",
    "broker_write_url": "CELERY_BROKER_URL",
    "result_backend": "CELERY_RESULT_BACKEND",
    "task_always_eager": "CELERY_TASK_ALWAYS_EAGER",
    "task_eager_propagates": "CELERY_TASK_EAGER_PROPAGATES",
}


class Celery:
    """The configuration of every Celery application of this process, wherever the target reads it from.

    Args:
        changed: the settings of the overlay.
    """

    def __init__(self, changed: Mapping[str, Any]) -> None:
        self._values = {key: changed[name] for key, name in _SETTINGS.items() if name in changed}
        self._begun = False

    def replace(self, **_kwargs: Any) -> None:
        """A receiver of signals: begins as soon as the target has loaded Celery. Safe to call as often as you like."""
        if self._begun or "celery.app.base" not in sys.modules:
            return
        from celery import _state

        self._begun = True
        for name in ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"):
            if name in os.environ:  # Celery believes them more than its configuration
                os.environ[name] = self._values["broker_url"]
        if "CELERY_RESULT_BACKEND" in os.environ:
            os.environ["CELERY_RESULT_BACKEND"] = self._values["result_backend"]
        for app in list(_state._get_active_apps()):
            self._configure(app)
        _state.connect_on_app_finalize(self._configure)

    def _configure(self, app: Any) -> None:
        if app.configured:
            app.conf.update(self._values)
        else:
            # Not loaded by us: that would read settings which are not all there yet.
            app.on_after_configure.connect(self._after, weak=False, dispatch_uid="coursegate")

    def _after(self, sender: Any, **_kwargs: Any) -> None:
        sender.conf.update(self._values)
