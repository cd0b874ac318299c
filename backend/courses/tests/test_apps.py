"""Starting and watching the process: no query at start, a health status that threads can share."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.apps import apps as registry
from django.core.cache import cache
from django.db import OperationalError, connection

from courses import apps, health
from courses.apps import CoursesConfig

UNREACHABLE = {
    "DB_NAME": "nowhere",
    "DB_HOST": "127.0.0.1",
    "DB_PORT": "1",
    "REDIS_URL": "redis://127.0.0.1:1",
}
START = """
import django
django.setup()
from django.apps import apps
config = apps.get_app_config("courses")
assert config.health_status == "ready", config.get_health_status()
assert config.initialization_errors == []
"""


@pytest.fixture
def config() -> CoursesConfig:
    """A configuration of its own, so that no test changes the running one."""
    fresh = CoursesConfig(apps.APP_NAME, sys.modules["courses"])
    fresh.ready()
    return fresh


@pytest.mark.parametrize("debug", ["1", "0"])
def test_the_app_starts_ready_without_database_and_cache(debug: str, settings: Any) -> None:
    """Setting Django up succeeds without a warning when neither database nor Redis can be reached."""
    environment = {**os.environ, **UNREACHABLE, "DEBUG": debug, "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "x"}

    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", START],
        cwd=settings.BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "educore.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr


def test_the_running_app_is_ready() -> None:
    """The configuration of this process says ready and has nothing to complain about."""
    config = registry.get_app_config("courses")

    assert isinstance(config, CoursesConfig)
    assert config.health_status == "ready"
    assert config.initialization_errors == []


def test_the_steps_of_the_start_can_be_repeated(config: CoursesConfig) -> None:
    """Each step that watches the process can run twice."""
    for _ in range(2):
        config._initialize_metrics()
        config._setup_health_checks()
        config._initialize_performance_monitoring()

    assert config.health_status == "ready"
    metrics = config.get_performance_metrics()
    assert metrics["process_id"] == os.getpid()
    assert metrics["uptime_seconds"] >= 0
    assert metrics["memory_bytes"] is None or metrics["memory_bytes"] > 1_000_000


def test_a_failing_step_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that cannot watch itself starts, degraded, and says why."""

    def fail(self: CoursesConfig) -> None:
        raise OSError("no clock")

    monkeypatch.setattr(CoursesConfig, "_initialize_metrics", fail)
    config = CoursesConfig(apps.APP_NAME, sys.modules["courses"])

    config.ready()

    assert config.health_status == "degraded"
    assert "no clock" in config.get_health_status()["errors"][0]


def test_no_update_is_lost_between_threads(config: CoursesConfig) -> None:
    """Components reported by eight threads at once are all there."""
    barrier = Barrier(8)

    def report(number: int) -> None:
        barrier.wait(timeout=30)
        for step in range(200):
            config.update_component_health(f"c{number}", "ready" if step % 2 else "degraded")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(report, range(8)))

    components = config.get_health_status()["components"]
    assert {f"c{number}" for number in range(8)} <= set(components)
    assert config.health_status == "ready"


def test_readers_see_all_of_one_moment(config: CoursesConfig) -> None:
    """Two components reported together are never seen apart."""
    config.health.report(left="ready", right="ready")

    def write() -> None:
        for step in range(2000):
            config.health.report(**dict.fromkeys(("left", "right"), str(step)))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        seen = []
        while not writing.done():
            seen.append(config.get_health_status()["components"])

    assert all(each["left"] == each["right"] for each in seen)


def test_health_is_asked_for_on_demand(config: CoursesConfig, db: None) -> None:
    """Asking finds a database and a cache that answer."""
    assert config.run_health_checks()["components"] == {
        "application": "ready",
        "database": "ready",
        "cache": "ready",
    }


@pytest.mark.parametrize("component", ["database", "cache"])
def test_a_component_that_does_not_answer_degrades_the_app(
    component: str, config: CoursesConfig, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database or a cache that fails is told apart, and is ready again once it answers."""

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(*{"database": (connection, "cursor"), "cache": (cache, "set")}[component], fail)
        found = config.run_health_checks()

    assert (found["status"], found["components"][component]) == (health.DEGRADED, health.DEGRADED)
    assert config.run_health_checks()["status"] == health.READY
