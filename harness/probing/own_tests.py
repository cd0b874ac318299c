"""A project's own tests, run on a copy of it: as it is, and with its tier filter taken out."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from coursegate.harness.client import CannotAssess
from coursegate.harness.probing.interpreter import run_fresh
from coursegate.harness.probing.missing import resolve
from coursegate.harness.targets.binding import OVERLAY_SETTINGS, Binding

# The function by whose answer tiers are told apart: a name that the contract has survive.
LEVEL = "courses.validation.get_unified_user_access_level"
# Why it could not be seen what they notice.
OWN_TESTS = "own-tests"
# What a checkout holds besides its code, and what running it leaves behind.
LEFT_OUT = (".*", "__pycache__", "node_modules", "venv", "media", "*.sqlite3")
FILTER_OFF = "--tier-filter-off"
PROGRAM = (
    "import sys; from coursegate.harness.probing import own_tests; sys.exit(own_tests.main(sys.argv[1:]))"
)


@dataclass(frozen=True)
class OwnTests:
    """What came of a run.

    Attributes:
        passed, failed: tests by their node ids.
        end: how the run ended, for a message.
    """

    passed: tuple[str, ...]
    failed: tuple[str, ...]
    end: str


def run_own_tests(
    binding: Binding,
    names: Sequence[str],
    *,
    only: Iterable[tuple[str, str]] = (),
    filter_off: bool = False,
    seconds: float,
) -> OwnTests:
    """Run tests of a checkout under the overlay; without the filter the first failure ends the run.

    Args:
        names: files or node ids.
        only: of these files the functions that are meant, as (file, function); all of them by default.
    """
    with tempfile.TemporaryDirectory(prefix="coursegate-") as folder:
        copy = Path(folder, "checkout")
        shutil.copytree(binding.path, copy, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        asked, told = Path(folder, "asked.json"), Path(folder, "told.json")
        asked.write_text(json.dumps({"names": list(names), "only": list(only)}), encoding="utf-8")
        finished = run_fresh(
            replace(binding, path=copy),
            PROGRAM,
            arguments=[str(asked), str(told), *([FILTER_OFF] if filter_off else [])],
            environment={"PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""},
            seconds=seconds,
        )
        found = json.loads(told.read_text(encoding="utf-8")) if told.is_file() else {}
    return OwnTests(
        tuple(name for name, passed in found.items() if passed),
        tuple(name for name, passed in found.items() if not passed),
        finished.last_line,
    )


def main(arguments: Sequence[str]) -> int:
    """In the fresh interpreter: the tests, under their own configuration but for the settings and what it adds to options."""
    sys.path.insert(0, "")
    asked, told = map(Path, arguments[:2])
    wanted = json.loads(asked.read_text(encoding="utf-8"))
    record = Record()
    plugins: list[object] = [record]
    if wanted["only"]:
        plugins.append(Only({(file, function) for file, function in wanted["only"]}))
    if FILTER_OFF in arguments:
        plugins.append(TierFilterOff())
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib"]
    options += ["-x"] if FILTER_OFF in arguments else []
    code = pytest.main(
        [*options, "-o", "addopts=", f"--ds={OVERLAY_SETTINGS}", *wanted["names"]], plugins=plugins
    )
    told.write_text(json.dumps(record.passed), encoding="utf-8")
    return int(code)


class Record:
    """A plugin that keeps for each test whether all of it passed."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.skipped:
            self.passed[report.nodeid] = self.passed.get(report.nodeid, True) and report.passed


class Only:
    """A plugin that leaves out all tests but those of some functions, whatever class they stand in.

    Args:
        functions: (file, function), the file by its path from the current folder.
    """

    def __init__(self, functions: Set[tuple[str, str]]) -> None:
        self.functions = functions

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        config.hook.pytest_deselected(items=[item for item in items if not self._is_meant(item)])
        items[:] = filter(self._is_meant, items)

    def _is_meant(self, item: pytest.Item) -> bool:
        file = os.path.relpath(item.path)
        return (file, getattr(item, "originalname", None) or item.name) in self.functions


class TierFilterOff:
    """A plugin under which every test finds everybody to be a premium learner."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, Any, Any]:
        with everybody_premium(resolve(LEVEL)):
            return (yield)


@contextmanager
def everybody_premium(function: Any) -> Iterator[None]:
    """Inside, the function calls everybody premium, by whatever name it was imported before.

    Raises:
        CannotAssess: what goes by its name is no function whose body could be exchanged.
    """
    own = inspect.unwrap(function)
    if not isinstance(own, FunctionType) or own.__closure__:
        raise CannotAssess(f"{OWN_TESTS}: its tier filter cannot be taken out: {LEVEL} is no plain function")
    kept = own.__code__, own.__defaults__, own.__kwdefaults__
    # Defaults go first: they would be given to parameters that the new body does not have.
    own.__defaults__, own.__kwdefaults__ = None, None
    own.__code__ = _premium.__code__
    try:
        yield
    finally:
        own.__code__, own.__defaults__, own.__kwdefaults__ = kept


def _premium(*_asked: Any, **_named: Any) -> str:
    return "premium"
