"""A run that is interrupted, terminated, or loses a worker says so, keeps what it has found, and never ends well."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from coursegate.commands.doctor import examine_place
from coursegate.commands.interrupting import Interrupts
from coursegate.commands.proof.workshop import copy_backend
from coursegate.commands.run_options import PREFLIGHT_VARIABLE
from coursegate.contracts.contract import FOLDER, load_contract
from coursegate.harness.targets.binding import locate
from coursegate.harness.world import DEFAULT_SEED
from coursegate.tests.gate.gate_process import BACKEND, ROOT

REPORTS = {"gate.json", "gate.html", "gate.sarif", "summary.md", "badge.json", "junit.xml"}
SECONDS = 240
CHECKS = [f"--check=access/lessons.retrieve/lesson-{level}" for level in ("guest", "registered", "premium")]
# A backend whose lessons take their time: there is always something left to ask.
SLOW = """
import time

class Slow:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "/lessons/" in request.path:
            time.sleep(0.2)
        return self.get_response(request)
"""


# What was started in the background may have been told to ignore Ctrl-C, and hands that on.
LISTENING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from coursegate.commands.cli import main
sys.exit(main())
"""

# How execnet starts the workers of pytest-xdist.
STARTED = "sys.stdin.readline"


@contextmanager
def _running(
    folder: Path, target: Path, *options: str, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A run that has begun to ask; ended for certain."""
    command = [sys.executable, "-m", "coursegate.commands.cli", "run", f"--target={target}"]
    command += [f"--report-dir={folder}", *CHECKS, "-vv", *options]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _wait_for(process: subprocess.Popen[str], text: str, times: int = 1) -> str:
    """What a run prints until it has printed this so often."""
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if seen.count(text) >= times:
            return seen
    raise AssertionError(f"the run ended without {text!r}:\n{seen}")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reference backend that answers slowly where it is asked about lessons."""
    backend = copy_backend(tmp_path_factory.mktemp("slow"))
    (backend / "educore" / "slow.py").write_text(SLOW)
    with (backend / "educore" / "settings.py").open("a") as settings:
        settings.write('\nMIDDLEWARE = ["educore.slow.Slow", *MIDDLEWARE]\n')
    return backend


@pytest.fixture(scope="module")
def climbed(slow: Path) -> dict[str, str]:
    """The environment of a run whose ladder has been climbed already: every rung holds."""
    rungs = examine_place(locate(slow), load_contract(), FOLDER, DEFAULT_SEED)
    assert all(rung.verdict == "pass" for rung in rungs)
    return {PREFLIGHT_VARIABLE: json.dumps([rung.as_dict() for rung in rungs])}


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM"])
def test_interrupted_run_reports_what_it_has(
    slow: Path, climbed: dict[str, str], tmp_path: Path, how: str
) -> None:
    """Ctrl-C in a terminal and SIGTERM from a pipeline end a run with 2; every report is whole, and says that it is partial."""
    reports = tmp_path / "reports"
    with _running(reports, slow, env=climbed) as process:
        seen = _wait_for(process, "PASSED")
        if how == "Ctrl-C":  # a terminal sends it to everybody
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.terminate()
        seen += process.communicate(timeout=SECONDS)[0]

    assert process.returncode == 2, seen
    assert {path.name for path in reports.iterdir()} == REPORTS
    result = json.loads((reports / "gate.json").read_text(encoding="utf-8"))
    assert (result["verdict"], result["exit_code"]) == ("interrupted", 2)
    assert 0 < len(result["cells"]) < result["summary"]["declared"]
    assert re.search(
        r"The run was interrupted after \d+ of [\d,]+ promises", (reports / "summary.md").read_text()
    )
    assert "INTERRUPTED" in seen
    assert "Traceback" not in seen


def test_interrupt_before_the_first_question_is_told(tmp_path: Path) -> None:
    """While the ladder is climbed there is nothing to report: the run ends with 2, and leaves no report of an earlier one."""
    reports = tmp_path / "reports"
    with _running(reports, BACKEND) as process:
        deadline = time.monotonic() + SECONDS
        while not reports.is_dir() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.terminate()
        seen = process.communicate(timeout=SECONDS)[0]

    assert process.returncode == 2, seen
    assert "no report was written" in seen
    assert "Traceback" not in seen
    assert not (reports / "gate.json").exists()


def test_killed_worker_is_no_pass(slow: Path, climbed: dict[str, str], tmp_path: Path) -> None:
    """A worker that is killed costs the run its verdict: the gate failed, the rest is reported, nothing is half-written."""
    reports = tmp_path / "reports"
    with _running(reports, slow, "-n2", env=climbed) as process:
        seen = _wait_for(process, "PASSED")
        os.kill(_workers(process.pid)[0], signal.SIGKILL)
        seen += process.communicate(timeout=SECONDS)[0]

    assert process.returncode == 3, seen
    assert {path.name for path in reports.iterdir()} == REPORTS
    result = json.loads((reports / "gate.json").read_text(encoding="utf-8"))
    assert result["verdict"] == "error"
    assert any("crashed" in error for error in result["harness_errors"])
    assert len(result["cells"]) > 1


def test_earlier_reports_are_taken_away(slow: Path, climbed: dict[str, str], tmp_path: Path) -> None:
    """A run that is killed outright leaves no report of an earlier run that could be taken for its own."""
    reports = tmp_path / "reports"
    reports.mkdir()
    for name in REPORTS:
        (reports / name).write_text('{"verdict": "pass"}')
    with _running(reports, slow, env=climbed) as process:
        _wait_for(process, "PASSED")
        os.killpg(process.pid, signal.SIGKILL)

    assert process.returncode != 0
    assert not {path.name for path in reports.iterdir()} & REPORTS


def _workers(ancestor: int) -> list[int]:
    """The processes of pytest-xdist below a process."""
    below = psutil.Process(ancestor).children(recursive=True)
    return [process.pid for process in below if any(STARTED in word for word in process.cmdline())]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_proof_clears_away_what_it_made(tmp_path: Path, number: signal.Signals) -> None:
    """A proof that is interrupted ends with 2, prints no traceback, leaves no copy of the backend and no process."""
    command = [sys.executable, "-c", LISTENING, "prove", "findings", f"--report-dir={tmp_path}"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(scratch), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        ends = time.monotonic() + SECONDS
        while not list(scratch.glob("coursegate-proof-*/*/backend")) and time.monotonic() < ends:
            time.sleep(0.1)
        process.send_signal(number)
        try:
            said = process.communicate(timeout=60)[1]
        finally:
            for left in _of_session(process.pid) if process.poll() is None else []:
                os.kill(left, signal.SIGKILL)

    assert process.returncode == 2, said
    assert said == "coursegate prove: interrupted before it had an answer\n"
    assert list(scratch.iterdir()) == []
    # What was killed may take a moment to be gone.
    ends = time.monotonic() + 10
    while _of_session(process.pid) and time.monotonic() < ends:
        time.sleep(0.1)
    assert _of_session(process.pid) == []


def _of_session(leader: int) -> list[int]:
    """The processes that were started by one that began a session, or by those."""
    found = []
    for process in psutil.pids():
        with suppress(ProcessLookupError):
            if os.getsid(process) == leader:
                found.append(process)
    return found


class _Nowhere:
    """A step of a traceback as CPython 3.11 leaves it where a `with` was interrupted."""

    @property
    def lineno(self) -> int:
        raise TypeError("unsupported operand type(s) for -: 'NoneType' and 'int'")


def test_interrupt_between_two_lines_is_told() -> None:
    """Steps of an interrupted run that stand at no line are left out of what is told; the others stay."""
    with pytest.raises(KeyboardInterrupt) as excinfo:
        raise KeyboardInterrupt
    known = list(excinfo.traceback)
    excinfo.traceback = type(excinfo.traceback)([*known, _Nowhere()])  # type: ignore[list-item]

    Interrupts().pytest_keyboard_interrupt(excinfo)

    assert list(excinfo.traceback) == known
    assert "KeyboardInterrupt" in str(excinfo.getrepr())
