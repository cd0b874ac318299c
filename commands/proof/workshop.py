"""A copy of the reference backend with one patch in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from coursegate.commands.run_options import ROOT

BACKEND = ROOT / "backend"
LEFT_OUT = ("__pycache__", "*.sqlite3", ".pytest_cache", ".mypy_cache", "media")


class DoesNotApply(Exception):
    """A patch cannot be put in: the backend has changed since, or it never fitted. The text says where."""


def copy_backend(folder: Path, source: Path = BACKEND) -> Path:
    """A copy of the reference backend below `folder`, without what running it leaves behind."""
    return Path(shutil.copytree(source, folder / "backend", ignore=shutil.ignore_patterns(*LEFT_OUT)))


def apply_patch(patch: Path, backend: Path, *, only_look: bool = False) -> None:
    """Put a patch in, or only see whether it would go in.

    Raises:
        DoesNotApply: it does not fit, or changes nothing.
    """
    # `git apply` leaves alone what lies outside the repository that it finds; it must find none.
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CEILING_DIRECTORIES": str(backend.parent)}
    look = ["--check"] if only_look else []
    command = ["git", "apply", "--whitespace=nowarn", "-p2", "--verbose", *look, str(patch)]
    done = subprocess.run(
        command, cwd=backend, capture_output=True, text=True, timeout=30, check=False, env=environment
    )
    if done.returncode or ("Checking patch" if only_look else "Applied patch") not in done.stderr:
        told = " ".join(done.stderr.split()) or "nothing was changed"
        raise DoesNotApply(f"{patch.name} does not apply: {told}")
