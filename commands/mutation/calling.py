"""A pytest plugin for a trial of the reference as it is: which functions of the backend does each check call?"""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from coursegate.commands.mutation.callers import CALLS, asked_as
from coursegate.commands.plugin import JUDGEMENT, RUN
from coursegate.commands.proof.footprint import Footprint, watched
from coursegate.harness.targets.binding import Binding


def pytest_configure(config: pytest.Config) -> None:
    options = config.stash[RUN].options
    assert isinstance(options.binding, Binding)
    config.pluginmanager.register(_Calls(options.binding.path, options.reports / CALLS))


class _Calls:
    """Writes check -> how many seconds it took, and what it called, FILE::FUNCTION, into a file.

    Args:
        backend: the folder of the backend.
    """

    def __init__(self, backend: Path, file: Path) -> None:
        self._backend, self._file = backend, file
        self._called: dict[str, tuple[float, list[str]]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        started = time.monotonic()
        with watched(self._backend) as found:
            done = yield
        if JUDGEMENT in item.stash:
            name = asked_as(item.stash[JUDGEMENT].id)
            before, functions = self._called.get(name, (0.0, []))
            seconds = round(before + time.monotonic() - started, 3)
            self._called[name] = seconds, sorted(_functions(found).union(functions))
        return done

    def pytest_sessionfinish(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._called), encoding="utf-8")


def _functions(found: Footprint) -> set[str]:
    """As mutants name their places: what a function holds besides functions counts as its own."""
    names = (
        (file, name.replace("<locals>.", "").partition("<")[0].rstrip(".")) for file, name in found.called
    )
    return {f"{file}::{name}" for file, name in names}
