"""Keeps one server for one run, and ends it with the run, however that ends: `python -I -S guard.py JSON`.

A run that is killed runs no clean-up of its own. The lock it held is freed all the same, and this process waits for
that lock. Only the standard library, so that it is there at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SECONDS_TO_STOP = 5.0


def main(order: dict[str, Any]) -> int:
    """Run a command until it ends or its owner does; then nothing of it is left.

    Args:
        order: `folder` of the server, `owner` the file its owner has locked, `command`, `stop` the number of the
            signal that ends it, `home` where it runs, `user` and `group` it runs as (None: ours). Its environment is
            this process's own.
    """
    folder, services = Path(order["folder"]), Path(order["owner"]).parent
    with Path(folder, "guard.lock").open("w") as mine, Path(order["owner"]).open() as owner:
        fcntl.flock(mine, fcntl.LOCK_EX)
        with Path(services, f"{folder.name}.log").open("wb") as log:
            server = subprocess.Popen(
                order["command"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=order["home"],
                start_new_session=True,
                user=order["user"],
                group=order["group"],
                extra_groups=None if order["user"] is None else [],
            )
        Path(folder, "server.pid").write_text(str(server.pid))
        signal.signal(signal.SIGTERM, lambda *_: _stop(server, order["stop"]))
        threading.Thread(target=_follow, args=(owner, server, order["stop"]), daemon=True).start()
        code = server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError), Path(order["owner"]).open() as owner:
        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the owner is gone: nobody else will tidy up
        if not any(services.glob("*/guard.lock")):
            shutil.rmtree(services, ignore_errors=True)
    return code


def _follow(owner: Any, server: subprocess.Popen[bytes], number: int) -> None:
    fcntl.flock(owner, fcntl.LOCK_EX)
    _stop(server, number)


def _stop(server: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(server.pid, number)
    killer = threading.Timer(SECONDS_TO_STOP, _kill, (server,))
    killer.daemon = True
    killer.start()


def _kill(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
