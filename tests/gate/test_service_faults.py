"""A service that goes away, or a report that cannot be written, is told as such: no hang, and nothing is left."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coursegate.tests.gate.gate_process import BACKEND, ROOT, run_gate

SECONDS_TO_START, SECONDS_TO_END = 90.0, 120.0


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder of the run's own, short and open enough for its services."""
    folder = Path(tempfile.mkdtemp(prefix="cg-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_gate(temporary: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "coursegate.commands.cli", "run", f"--target={BACKEND}"]
    command += [f"--report-dir={temporary / 'reports'}", *options]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def wait_for(found: Callable[[], list[Path]], process: subprocess.Popen[str]) -> Path:
    until = time.monotonic() + SECONDS_TO_START
    while not (paths := found()) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    assert paths, "the run ended before it came there"
    return paths[0]


def left_in(folder: Path) -> list[str]:
    """Command lines of processes that work below a folder."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in line:
                lines.append(line)
    return lines


@pytest.mark.parametrize(
    ("option", "folder", "name"),
    [("--db=postgres", "postgres", "PostgreSQL"), ("--cache=redis", "valkey", "Valkey")],
    ids=["postgres", "valkey"],
)
def test_a_service_that_ends_is_no_fault_of_the_target(
    option: str, folder: str, name: str, temporary: Path
) -> None:
    """A run whose PostgreSQL or Valkey is killed ends with code 3, says so, and leaves no process behind."""
    with running_gate(temporary, option, "--check=verbs/head") as process:
        wait_for(lambda: list(temporary.glob("coursegate-run-*/judged.jsonl")), process)
        pid = next(temporary.glob(f"coursegate-services-*/{folder}/server.pid"))
        os.kill(int(pid.read_text()), signal.SIGKILL)
        output, _ = process.communicate(timeout=SECONDS_TO_END)

    assert process.returncode == 3, output[-3000:]
    assert f"{name} has ended in the midst of the run" in output, output[-1500:]
    assert not left_in(temporary)


def test_a_report_that_cannot_be_written_later(temporary: Path) -> None:
    """When the report folder goes away during the run, the verdict still stands on the terminal, and the code is 3."""
    with running_gate(temporary, "--operation=version.retrieve", "--suite=access") as process:
        reports = wait_for(lambda: list(temporary.glob("reports")), process)
        shutil.rmtree(reports)
        reports.touch()
        output, _ = process.communicate(timeout=SECONDS_TO_END)

    assert process.returncode == 3, output[-3000:]
    assert "could not be written" in output
    assert "cells" in output, "the verdict is not on the terminal"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--db=postgres", "--postgres=postgresql://nobody@127.0.0.1:1/none"], "does not let us in"),
        (["--cache=redis", "--redis=redis://127.0.0.1:1"], "no Redis answers"),
        (["--db=sqlite", "--postgres=postgresql://127.0.0.1/x"], "leave out --postgres"),
    ],
    ids=["postgres", "redis", "contradiction"],
)
def test_a_named_service_that_is_none_is_a_wrong_question(
    tmp_path: Path, options: list[str], told: str
) -> None:
    """A service that was named and cannot be had ends the run with one sentence and code 4."""
    run = run_gate(tmp_path, *options, "--operation=version.retrieve")

    assert run.code == 4, run.output
    assert told in run.output


def test_without_postgres_races_are_not_assessed(tmp_path: Path) -> None:
    """Where PostgreSQL may not be started the races are not assessed, with the reason, and the run is not green."""
    run = run_gate(tmp_path, "--db=sqlite", "--check=concurrency/VIEW-16")

    assert run.code == 1, run.output
    reasons = {cell["reason"] for cell in run.result["cells"]}
    assert set(run.verdicts().values()) == {"not-assessed"}
    assert reasons == {"needs-postgres: none is started with --db=sqlite"}
