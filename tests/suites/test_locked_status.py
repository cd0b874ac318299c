"""Where the health status is written without a lock, whatever the lock is called and however it is held."""

from __future__ import annotations

import ast
import textwrap

import pytest

from coursegate.suites.regression.apps_status import written_bare

HEAD = """
import threading
from contextlib import contextmanager

def alone(method):
    def wrapper(self, *args):
        with self._mutex:
            return method(self, *args)
    return wrapper

class CoursesConfig(AppConfig):
    def __init__(self, name, module):
        self._mutex, self.clock = 1, 2
        self._mutex = threading.RLock()
        self._turn = threading.Condition()
        self.health_status = "initializing"

    @contextmanager
    def _changing(self):
        with self._turn:
            yield
"""
HELD = {
    "mutex": "with self._mutex:\n    self.health_status = status",
    "condition": "with self._turn:\n    self.health_status = status\n    self._turn.notify_all()",
    "context-of-its-own": "with self._changing():\n    self.health_status = status",
    "acquired": "self._mutex.acquire()\ntry:\n    self.health_status = status\nfinally:\n    self._mutex.release()",
    "acquired-or-not": "if self._mutex.acquire(timeout=1):\n    self.health_status = status\n    self._mutex.release()",
    "given-up": "if not self._mutex.acquire(False):\n    return\nself.health_status = status",
}
BARE = {
    "assigned": "self.health_status = status",
    "part-of-it": "self.health_status['application'] = status",
    "clock": "with self.clock:\n    self.health_status = status",
    "behind-the-release": "self._mutex.acquire()\nself._mutex.release()\nself.health_status = status",
    "not-acquired": "if not self._mutex.acquire(False):\n    self.health_status = status",
    "by-name": "setattr(self, 'health_status', status)",
}


def _method(body: str, head: str = "def report(self, status):") -> str:
    return textwrap.indent(f"\n{head}\n{textwrap.indent(body, '    ')}\n", "    ")


def _told(source: str, elsewhere: str = "") -> list[str]:
    trees = {"courses/apps.py": ast.parse(source), "courses/signals.py": ast.parse(elsewhere)}
    return written_bare(trees)


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in HELD.items()])
def test_status_under_a_lock_is_in_order(body: str) -> None:
    """A lock is what was made as one, and is held from its `acquire` to its `release`."""
    assert _told(HEAD + _method(body)) == []


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in BARE.items()])
def test_status_without_a_lock_is_told(body: str) -> None:
    """A write where no lock is held is told with its place."""
    assert [place.split(",")[0] for place in _told(HEAD + _method(body))] == ["report"]


INNER = "def _write(self, status):"
WRITES = "self.health_status = status"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("with self._mutex:\n    self._write(status)", []),
        ("with self._mutex:\n    if status:\n        self._write(status)", []),
        ("self._write(status)", ["_write"]),
        ("with self._mutex:\n    self._write(status)\nself._write(status)", ["_write"]),
        ("if self._write(status):\n    return", ["_write"]),
    ],
)
def test_method_that_is_called_under_the_lock_holds_it(body: str, told: list[str]) -> None:
    """A private method that others call with the lock in hand writes under it; one that somebody calls without does not."""
    source = HEAD + _method(body) + _method(WRITES, INNER)

    assert [place.split(",")[0] for place in _told(source)] == told


def test_decorator_holds_the_lock() -> None:
    """A decorator that calls what it decorates under a lock holds it for all of it; another one does not."""
    method = "def report(self, status):"

    assert _told(HEAD + _method(BARE["assigned"], f"@alone\n{method}")) == []
    assert _told(HEAD + _method(BARE["assigned"], f"@staticmethod\n{method}")) != []


def test_start_needs_no_lock() -> None:
    """What runs while the app starts, before there is a thread, may write; what somebody else calls as well may not."""
    ready = _method("self._ready_now()", "def ready(self):")
    step = _method(BARE["assigned"].replace("status = status", "status = 'ready'"), "def _ready_now(self):")

    assert _told(HEAD + _method("self.health_status = 'ready'", "def ready(self):")) == []
    assert _told(HEAD + ready + step) == []
    assert _told(HEAD + ready + step + _method("self._ready_now()")) != []
    assert _told(HEAD + _method("Thread(target=f).start()\nself.health_status = 1", "def ready(self):")) != []


GETTER = _method("return self._health_status", "@property\ndef health_status(self):")


@pytest.mark.parametrize(
    ("written", "is_held"),
    [("with self._mutex:\n    self._health_status = status", True), ("self._health_status = status", False)],
)
def test_what_a_property_reads_is_the_status(written: str, is_held: bool) -> None:
    """Behind a property, what it is read from is written under a lock: by its setter, and by everybody else."""
    setter = _method(written, "@health_status.setter\ndef health_status(self, status):")
    head = HEAD + GETTER

    assert (_told(head + setter + _method(BARE["assigned"])) == []) is is_held
    assert (_told(head + _method(written)) == []) is is_held


def test_other_modules_write_under_a_lock_too() -> None:
    """A handler in another module that writes the status is told, unless a setter takes the lock."""
    handler = "def handle(sender, **kwargs):\n    config.health_status = 'degraded'"
    setter = _method(
        "with self._mutex:\n    self._health_status = status",
        "@health_status.setter\ndef health_status(self, status):",
    )

    assert _told(HEAD, handler) == ["handle, signals.py line 2"]
    assert _told(HEAD + GETTER + setter, handler) == []
    assert _told(HEAD, handler.replace("config.", "self.")) == []
