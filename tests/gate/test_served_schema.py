"""Making the reference backend's own schema warns about nothing; whether it agrees with the contract is judged by the gate."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from coursegate.tests.gate.gate_process import BACKEND


def test_schema_is_made_without_a_warning(tmp_path: Path) -> None:
    """Every view of the reference backend says enough of itself for its schema."""
    command = ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json"]
    done = subprocess.run(
        [sys.executable, *command, "--file", str(tmp_path / "served.json")],
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
