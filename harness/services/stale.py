"""What runs that were killed have left, guards and all: the next run ends and removes it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

from coursegate.harness.services.guarding import GUARD_LOCK, OWNER_LOCK, is_held

PREFIX = "coursegate-services-"
# A folder this young may belong to a run that has not come to lock it.
SECONDS_TO_LOCK = 10.0
SECONDS_TO_END = 3.0


def clear_stale(temporary: Path) -> list[Path]:
    """Remove the folders of runs that are over, and end the servers in them. Returns the folders."""
    return [folder for folder in sorted(temporary.glob(f"{PREFIX}*")) if _is_stale(folder) and _clear(folder)]


def _is_stale(folder: Path) -> bool:
    try:
        told = folder.lstat()
    except FileNotFoundError:
        return False
    if not folder.is_dir() or folder.is_symlink() or told.st_uid != os.geteuid():
        return False
    if not (folder / OWNER_LOCK).exists():
        return time.time() - told.st_mtime > SECONDS_TO_LOCK
    # A guard that lives ends its server itself.
    locks = [folder / OWNER_LOCK, *folder.glob(f"*/{GUARD_LOCK}")]
    return not any(is_held(lock) for lock in locks)


def _clear(folder: Path) -> bool:
    for note in folder.glob("*/server.pid"):
        with contextlib.suppress(ValueError, OSError):
            _end(int(note.read_text()), str(note.parent))
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _end(process: int, folder: str) -> None:
    """End the server that was started in a folder; a process that merely has its number by now is let alone."""
    for number in (signal.SIGINT, signal.SIGKILL):
        until = time.monotonic() + SECONDS_TO_END
        while _works_in(process, folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
            if time.monotonic() > until:
                break
            time.sleep(0.05)


def _works_in(process: int, folder: str) -> bool:
    try:
        said = Path(f"/proc/{process}/cmdline").read_bytes()
        zombie = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
    return folder.encode() in said and not zombie
