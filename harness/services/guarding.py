"""Starting a server under a guard, and waiting until it answers."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.services.account import Account

GUARD = Path(__file__).with_name("guard.py")
OWNER_LOCK, GUARD_LOCK = "owner.lock", "guard.lock"
SECONDS_TO_START, SECONDS_TO_END = 30.0, 10.0
_TICK = 0.01


class NoService(WrongQuestion):
    """A service cannot be had. The text says which, why, and what would help."""


def start(
    folder: Path,
    command: Sequence[str],
    *,
    stop: int,
    account: Account,
    answers: Callable[[], bool],
    environment: Mapping[str, str] | None = None,
    home: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server that lives as long as whoever holds the lock `owner.lock` beside its folder.

    Args:
        folder: made already; it is removed when the server has ended.
        stop: the number of the signal that ends it.
        answers: whether it is ready.
        environment: all of it; by default only a PATH.
        home: where it runs; in its folder where nothing is said.

    Returns the guard: to terminate it ends the server, and then the guard.

    Raises:
        NoService: it ended at once, or was not ready in `SECONDS_TO_START`.
    """
    order = {
        "folder": str(folder),
        "owner": str(folder.parent / OWNER_LOCK),
        "command": list(command),
        "home": str(home or folder),
        "stop": int(stop),
        "user": account.user,
        "group": account.group,
    }
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Of the guard as well: what stands in it is not for a command line.
        env=dict(environment if environment is not None else {"PATH": os.environ.get("PATH", os.defpath)}),
        start_new_session=True,  # Ctrl-C is for the run; the guard ends when the run has
    )
    _GUARDS.append((folder.parent, guard))
    until = time.monotonic() + SECONDS_TO_START
    while not answers():
        if guard.poll() is not None:
            raise NoService(f"{folder.name} ended as soon as it was started: {_last_words(folder)}")
        if time.monotonic() > until:
            guard.terminate()
            raise NoService(
                f"{folder.name} was not ready after {SECONDS_TO_START:g} s: {_last_words(folder)}"
            )
        time.sleep(_TICK)
    return guard


# Started by this process, so it is the one to collect them; with the folder of their run.
_GUARDS: list[tuple[Path, subprocess.Popen[bytes]]] = []


@atexit.register
def _leave_guards() -> None:
    """Those of a run that goes on outlive a worker of it: `Popen` is not to warn of that."""
    for _folder, guard in _GUARDS:
        guard.returncode = guard.returncode or 0


def wait_for_guards(services: Path, seconds: float = SECONDS_TO_END) -> list[str]:
    """Wait until every guard in a folder has ended. Returns the names of those that have not."""
    until = time.monotonic() + seconds
    while (left := [path.parent.name for path in services.glob(f"*/{GUARD_LOCK}") if is_held(path)]) and (
        time.monotonic() < until
    ):
        time.sleep(_TICK)
    for folder, guard in [entry for entry in _GUARDS if entry[0] == services]:
        with contextlib.suppress(subprocess.TimeoutExpired):
            guard.wait(max(0.1, until - time.monotonic()))
            _GUARDS.remove((folder, guard))
    return left


def hold(path: Path) -> IO[str]:
    """Lock a file for as long as the stream that is returned stays open; closed with the process at the latest."""
    stream = path.open("a")
    fcntl.flock(stream, fcntl.LOCK_EX)
    return stream


def is_held(path: Path) -> bool:
    """Whether somebody alive has locked a file."""
    try:
        with path.open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _last_words(folder: Path) -> str:
    log = folder.parent / f"{folder.name}.log"
    lines = log.read_text(errors="replace").split("\n") if log.is_file() else []
    said = [line.strip() for line in lines if line.strip()]
    return " / ".join(said[-3:]) or "no word of why"
