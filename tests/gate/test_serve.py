"""`coursegate serve` answers over real HTTP with the seeded world behind it, and leaves nothing when it stops."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coursegate.harness.canaries import mint
from coursegate.harness.world import DEFAULT_SEED
from coursegate.tests.gate.serving import COMMAND, SECONDS, serving


def _refused(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serves_the_world_until_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    """Each caller gets over HTTP what opens for them; a signal ends it with 0, and its folder is gone."""
    with serving(tmp_path) as served:
        public = served.get("/api/lessons/?page_size=100")
        whole = served.get("/api/lessons/?page_size=100", served.sign_in("premium"))
        served.process.send_signal(stop)
        code = served.process.wait(timeout=20)

    paid = mint(DEFAULT_SEED, "lesson-premium", "title")
    assert paid in json.dumps(whole)
    assert paid not in json.dumps(public)
    assert public["count"] < whole["count"]
    assert code == 0
    assert list(tmp_path.iterdir()) == []


def test_several_callers_are_answered_at_once(tmp_path: Path) -> None:
    """Twelve people sign in at the same moment, each of which writes, and all of them are answered."""
    names = ["registered", "premium", "owner", "peer", "staff", "assistant"] * 2
    with serving(tmp_path) as served, ThreadPoolExecutor(len(names)) as pool:
        tokens = list(pool.map(served.sign_in, names))
        profiles = list(pool.map(lambda token: served.get("/api/user/profile/me/", token), tokens))

    assert len(profiles) == len(names)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.test", "::"])
def test_host_that_others_can_reach_is_refused(host: str) -> None:
    """A world of known passwords is served to nobody but this machine."""
    run = _refused(f"--host={host}")

    assert run.returncode == 4
    assert run.stderr.count("\n") == 1
    assert "on loopback only" in run.stderr


def test_port_in_use_is_refused() -> None:
    """A port that somebody else has is refused at once, in one sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = _refused(f"--port={taken.getsockname()[1]}")

    assert run.returncode == 4
    assert run.stderr.count("\n") == 1
    assert "Name another with --port" in run.stderr


def test_backend_that_does_not_start_is_told(backend: Path) -> None:
    """A backend that cannot start gets the ladder's report and nothing is served."""
    (backend / "courses" / "urls.py").write_text("raise RuntimeError('no routes today')\n")

    run = _refused("--port=0", f"--target={backend}")

    assert run.returncode == 1
    assert "courses/urls.py:1: RuntimeError: no routes today" in run.stdout
    assert "Serving" not in run.stdout
    assert "Traceback" not in run.stderr
