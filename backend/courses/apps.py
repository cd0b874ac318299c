"""App configuration of `courses`: what is connected at start, and how the process is doing since."""

import logging
import os
import platform
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.conf import settings

from .health import DEGRADED, INITIALIZING, PROBES, READY, HealthRegister

logger = logging.getLogger(__name__)

APP_NAME = "courses"
APP_VERBOSE_NAME = "Courses"
APP_VERSION: str = settings.API_VERSION
IS_WINDOWS, IS_LINUX, IS_MACOS = (platform.system() == name for name in ("Windows", "Linux", "Darwin"))
HAS_RESOURCE = find_spec("resource") is not None  # Unix
HAS_PSUTIL = find_spec("psutil") is not None


class CoursesConfig(AppConfig):
    """Connects the app's signal handlers. Starting asks neither database nor cache anything (APP-03)."""

    name = APP_NAME
    verbose_name = APP_VERBOSE_NAME
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, app_name: str, app_module: Any) -> None:
        super().__init__(app_name, app_module)
        self.health = HealthRegister()
        self.initialization_errors: list[str] = []
        self._metrics: dict[str, Any] = {}
        self._memory_in_use: Callable[[], int | None] = _unknown
        self.health.report(application=INITIALIZING)

    def ready(self) -> None:
        _connect_receivers()
        monitoring = (
            self._initialize_metrics,
            self._setup_health_checks,
            self._initialize_performance_monitoring,
        )
        for step in monitoring:
            self._run(step)
        self.health.report(application=DEGRADED if self.initialization_errors else READY)

    def _run(self, step: Callable[[], None]) -> None:
        # An API that cannot watch itself is still an API.
        try:
            step()
        except Exception as error:
            logger.exception("%s failed at start", step.__name__)
            self.initialization_errors.append(f"{step.__name__}: {error}")

    def _initialize_metrics(self) -> None:
        """Starts the clock that uptime is read from (APP-01)."""
        self._metrics = {"process_id": os.getpid(), "started": time.monotonic()}

    def _setup_health_checks(self) -> None:
        """Enters the components that can be asked; they count as ready until an answer says otherwise."""
        self.health.report(**dict.fromkeys(PROBES, READY))

    def _initialize_performance_monitoring(self) -> None:
        """Picks the way to read the memory in use that this machine has."""
        self._memory_in_use = _by_psutil if HAS_PSUTIL else _by_resource if HAS_RESOURCE else _unknown

    @property
    def health_status(self) -> str:
        """ready, initializing or degraded."""
        return self.health.summary(self.health.components)

    def update_component_health(self, component: str, status: str) -> None:
        """Notes how one component is doing; safe from any thread (APP-02)."""
        self.health.report(**{component: status})

    def get_health_status(self) -> dict[str, Any]:
        """The last word of each component, all of one moment; asks nobody."""
        components = self.health.components
        return {
            "status": self.health.summary(components),
            "components": components,
            "errors": list(self.initialization_errors),
            "version": APP_VERSION,
        }

    def run_health_checks(self) -> dict[str, Any]:
        """Asks every component that can be asked, notes the answers, and returns the health status."""
        answers = {name: READY if answers() else DEGRADED for name, answers in PROBES.items()}
        self.health.report(**answers)
        return self.get_health_status()

    def get_performance_metrics(self) -> dict[str, Any]:
        """Process id, uptime in seconds and memory in bytes (None where the machine does not tell)."""
        return {
            "process_id": self._metrics.get("process_id"),
            "uptime_seconds": time.monotonic() - self._metrics.get("started", time.monotonic()),
            "memory_bytes": self._memory_in_use(),
        }


def _connect_receivers() -> None:
    # These need the models, which exist only once the apps are loaded.
    from . import catalogue_cache, certificate_verification, notifications, permission_cache, stored_files

    catalogue_cache.connect()
    permission_cache.connect()
    certificate_verification.connect()
    stored_files.connect()
    import_module("courses.signals")
    # Last, so that what is told includes what followed from the change.
    notifications.connect()


def _by_psutil() -> int | None:
    psutil = import_module("psutil")
    return int(psutil.Process().memory_info().rss)


def _by_resource() -> int | None:
    resource = import_module("resource")
    peak = int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    # Kilobytes, but bytes on macOS.
    return peak if IS_MACOS else peak * 1024


def _unknown() -> int | None:
    return None
