"""Where the gate itself stands, and where it keeps what it remembers."""

from __future__ import annotations

import os
from pathlib import Path

import coursegate

ROOT = Path(coursegate.__file__).parent
INI = ROOT / "pyproject.toml"


def cache_folder() -> Path:
    """Where this user keeps what the gate remembers from one run to the next."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coursegate"
