"""Processes for trials, forked from one that has imported what they all need: a start costs a fraction that way."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from coursegate.commands.proof.trial import LOG, REPORT, Trial

SECONDS_PER_TRIAL = 300.0
# Of one that is put to every check: a whole run, in one process.
SECONDS_OF_EVERYTHING = 1800.0
_TICK = 0.02
_ENDING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Ended:
    """A trial that is over.

    Attributes:
        folder: what it left behind; gone when the next one is asked for.
        code: its exit code; None where it had to be ended.
    """

    trial: Trial
    folder: Path
    code: int | None
    seconds: float

    def cells(self) -> list[dict[str, str]] | None:
        """The judgements of its report; None where it has left none."""
        report = self.folder / REPORT
        if not report.is_file():
            return None
        found: list[dict[str, str]] = json.loads(report.read_text(encoding="utf-8"))["cells"]
        return found

    def last_words(self, lines: int) -> str:
        """The end of what it printed."""
        log = (self.folder / LOG).read_text(encoding="utf-8", errors="replace")
        return " / ".join(log.strip().splitlines()[-lines:])


def run_all(
    trials: Iterable[Trial], run: Callable[[Trial, Path], int], jobs: int, seconds: float = SECONDS_PER_TRIAL
) -> Iterator[Ended]:
    """Run each trial in a process of its own, `jobs` at a time, and yield them as they end.

    A trial is taken when there is room for it, so it may be made of what became of the ones before. Nothing is left
    running when the iterator is closed.
    """
    waiting, running = iter(trials), dict[int, tuple[Trial, Path, float]]()
    with tempfile.TemporaryDirectory(prefix="coursegate-proof-") as scratch:
        try:
            while True:
                for trial in islice(waiting, jobs - len(running)):
                    folder = Path(tempfile.mkdtemp(dir=scratch))
                    with _signals_held():
                        running[_fork(trial, folder, run)] = trial, folder, time.monotonic()
                if not running:
                    return
                for process, code in _ended(running, seconds):
                    trial, folder, started = running.pop(process)
                    yield Ended(trial, folder, code, time.monotonic() - started)
                    shutil.rmtree(folder, ignore_errors=True)
                time.sleep(_TICK)
        finally:
            for process in running:
                _end(process)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back what ends this process: an exception that it raises during a fork is lost in the hooks of the fork, and
    one right after it would leave a process that nobody knows of.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _fork(trial: Trial, folder: Path, run: Callable[[Trial, Path], int]) -> int:
    process = os.fork()
    if process:
        return process
    code = 3
    try:
        os.setpgid(0, 0)  # what it starts ends with it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        with (folder / LOG).open("wb") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        code = run(trial, folder)
    except BaseException:  # whatever happens here must not go on as a second copy of the parent
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _ended(running: dict[int, tuple[Trial, Path, float]], seconds: float) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    for process, (_, _, started) in running.items():
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            found.append((process, os.waitstatus_to_exitcode(status)))
        elif time.monotonic() - started > seconds:
            _end(process)
            found.append((process, None))
    return found


def _end(process: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process, 0)
