"""Application configuration and the health of its components."""

import platform
import threading
import time

from django.apps import AppConfig

try:
    import resource  # noqa: F401

    HAS_RESOURCE = True
except ImportError:
    HAS_RESOURCE = False
try:
    import psutil

    HAS_PSUTIL = True
except ImportError:
    psutil = None
    HAS_PSUTIL = False

APP_NAME = "courses"
APP_VERBOSE_NAME = "Courses"
APP_VERSION = "7.1.0"
IS_WINDOWS = platform.system() == "Windows"
IS_LINUX = platform.system() == "Linux"
IS_MACOS = platform.system() == "Darwin"


class CoursesConfig(AppConfig):
    """Starts without a look into the database; what can be measured is measured when somebody asks."""

    default_auto_field = "django.db.models.BigAutoField"
    name = APP_NAME
    verbose_name = APP_VERBOSE_NAME

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._lock = threading.RLock()
        self._status = "starting"
        self._components = {}
        self._metrics = {}
        self.initialization_errors = []

    @property
    def health_status(self):
        with self._lock:
            return self._status

    @health_status.setter
    def health_status(self, value):
        with self._lock:
            self._status = value

    def ready(self):
        from . import signals  # noqa: F401

        for step in (self._initialize_metrics, self._setup_health_checks, self._initialize_performance_monitoring):
            try:
                step()
            except Exception as error:
                with self._lock:
                    self.initialization_errors.append(f"{step.__name__}: {error}")
        self.health_status = "degraded" if self.initialization_errors else "ready"

    def _initialize_metrics(self):
        with self._lock:
            self._metrics.setdefault("started_at", time.time())

    def _setup_health_checks(self):
        with self._lock:
            for name in ("models", "signals"):
                self._components.setdefault(name, "ready")

    def _initialize_performance_monitoring(self):
        with self._lock:
            self._metrics.setdefault("psutil", HAS_PSUTIL)
            self._metrics.setdefault("resource", HAS_RESOURCE)

    def update_component_status(self, component, status):
        """Set one component. Readers get whole snapshots, writers never lose each other's entries."""
        with self._lock:
            self._components = {**self._components, component: status}

    def get_health_status(self):
        with self._lock:
            return {
                "status": self._status,
                "components": dict(self._components),
                "errors": list(self.initialization_errors),
                "version": APP_VERSION,
            }

    def get_performance_metrics(self):
        with self._lock:
            metrics = dict(self._metrics)
        metrics["uptime_seconds"] = round(time.time() - metrics.get("started_at", time.time()), 3)
        if psutil is not None:
            metrics["memory_bytes"] = psutil.Process().memory_info().rss
        return metrics
