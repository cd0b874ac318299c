"""Actions in threads of their own: parked after a statement, set out together, and always joined with a limit."""

from __future__ import annotations

import sys
import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import Any

from coursegate.harness.targets.tracing import tracing_by
from coursegate.suites.concurrency.race import Action

# Far more than any action needs on a busy machine, and what it may wait for a lock is less.
SECONDS_TO_END = 20.0
SECONDS_TO_STAND = 10.0


class Hang(Exception):
    """A thread did not end. Nothing more can be asked in this process: it may hold anything.

    Attributes:
        stack: the frames that it stands in, outermost first.
    """

    def __init__(self, seconds: float, stack: list[traceback.FrameSummary]) -> None:
        self.stack = stack
        super().__init__(f"an action had not ended after {seconds:g} s")


class Failed:
    """What an action gives that raised: which exception, and its words."""

    def __init__(self, problem: BaseException) -> None:
        self.exception = type(problem).__name__
        cause = problem.__cause__
        self.state = str(getattr(cause, "sqlstate", "") or "")
        self.words = " ".join(str(problem).split())[:200]

    def __str__(self) -> str:
        return f"{self.exception}: {self.words}"


class Runner:
    """One action in a thread, with a connection of its own that is closed with it."""

    def __init__(self, action: Action, around: Callable[[], Any] | None = None) -> None:
        self.given: Any = None
        self._action, self._around = action, around
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Runner:
        self._thread.start()
        return self

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def join(self, seconds: float = SECONDS_TO_END) -> Any:
        """What the action gave, or `Failed`.

        Raises:
            Hang: it does not end.
        """
        self._thread.join(seconds)
        if self._thread.is_alive():
            frame = sys._current_frames().get(self._thread.ident or 0)
            raise Hang(seconds, list(traceback.extract_stack(frame)))
        return self.given

    def _run(self) -> None:
        from django.db import connections

        try:
            if self._around is None:
                self.given = self._action()
            else:
                with self._around():
                    self.given = self._action()
        except BaseException as problem:  # whatever the backend raises is what the action gave
            self.given = Failed(problem)
        finally:
            connections.close_all()


class Stand(ABC):
    """A place where one thread stands still until it is told to go on.

    Attributes:
        place: what it stands after; "" as long as it has not come there.
    """

    def __init__(self, number: int = 1) -> None:
        """Stand at place `number`, from 1, of those that count."""
        self._left = number
        self.place = ""
        self._here, self._go = threading.Event(), threading.Event()

    @abstractmethod
    def around(self) -> AbstractContextManager[None]:
        """For the thread that is to stand: what it does inside has the places."""

    def _pass(self, place: str) -> None:
        """The thread comes to a place that counts."""
        self._left -= 1
        if self._left == 0:
            self.place = place
            self._here.set()
            self._go.wait(SECONDS_TO_STAND)

    def reached(self, runner: Runner) -> bool:
        """Wait until the thread stands, or has ended without coming here."""
        while not self._here.wait(0.005):
            if runner.is_over:
                return self._here.is_set()
        return True

    def go_on(self) -> None:
        self._go.set()


class StatementStand(Stand):
    """Stands after a statement that matches."""

    def __init__(self, matches: Callable[[str], bool], number: int = 1) -> None:
        super().__init__(number)
        self._matches = matches

    @contextmanager
    def around(self) -> Iterator[None]:
        from django.db import connection

        with connection.execute_wrapper(self._note):
            yield

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if self._matches(sql):
            self._pass(" ".join(sql.split())[:160])
        return done


class CacheStand(Stand):
    """Stands after an operation of one of Django's caches."""

    OPERATIONS = ("get", "get_many", "get_or_set", "has_key", "add", "set", "incr", "touch")

    @contextmanager
    def around(self) -> Iterator[None]:
        from django.core.cache import caches

        # Each thread has objects of its own for the same caches.
        own = [caches[alias] for alias in caches]
        for cache in own:
            for name in self.OPERATIONS:
                setattr(cache, name, self._noting(name, getattr(cache, name)))
        try:
            yield
        finally:
            for cache in own:
                for name in self.OPERATIONS:
                    delattr(cache, name)

    def _noting(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **options: Any) -> Any:
            done = operation(*arguments, **options)
            self._pass(f"{name} of a cache")
            return done

        return noted


class StepStand(StatementStand, CacheStand):
    """Stands after either."""

    @contextmanager
    def around(self) -> Iterator[None]:
        with StatementStand.around(self), CacheStand.around(self):
            yield


class LineStand(Stand):
    """Stands before a line of certain files, but for the first one: nothing has been done there yet."""

    def __init__(self, owns: Callable[[str], bool], number: int = 1) -> None:
        super().__init__(number)
        self._owns = owns

    def around(self) -> AbstractContextManager[None]:
        return tracing_by(self._called)

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._came if self._owns(frame.f_code.co_filename) else None

    def _came(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self._pass(f"{frame.f_code.co_name}, line {frame.f_lineno}")
        return self._came


def at_once(actions: Sequence[Action]) -> list[Any]:
    """Run all actions from the same moment on, and give what each gave.

    Raises:
        Hang: one of them does not end.
    """
    barrier = threading.Barrier(len(actions))

    def ready(action: Action) -> Action:
        def run() -> Any:
            from django.db import connection

            connection.ensure_connection()  # its time is not part of the race
            barrier.wait(SECONDS_TO_STAND)
            return action()

        return run

    runners = [Runner(ready(action)).start() for action in actions]
    return [runner.join() for runner in runners]


def speaks_of(tables: Collection[str]) -> Callable[[str], bool]:
    """Whether a statement names one of the tables."""
    quoted = tuple(f'"{table}"' for table in tables)
    return lambda sql: any(name in sql for name in quoted)
