"""A copy of the reference backend with one patch in it."""

from __future__ import annotations

import atexit
import compileall
import os
import py_compile
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from coursegate.commands.places import ROOT

BACKEND = ROOT / "backend"
LEFT_OUT = ("__pycache__", "*.sqlite3", ".pytest_cache", ".mypy_cache", "media")


class DoesNotApply(Exception):
    """A patch cannot be put in: the backend has changed since, or it never fitted. The text says where."""


def copy_backend(folder: Path, source: Path = BACKEND) -> Path:
    """A copy of the reference backend below `folder`, without what running it leaves behind."""
    return Path(shutil.copytree(source, folder / "backend", ignore=shutil.ignore_patterns(*LEFT_OUT)))


def copy_compiled(folder: Path) -> Path:
    """A copy with byte code beside its files; Python takes it where a file is, byte for byte, what was compiled.

    Its files are links to those that were compiled: `apply_patch` puts new ones in their place, and nothing writes into one.
    """
    return Path(shutil.copytree(compile_backend(), folder / "backend", copy_function=os.link))


@cache
def compile_backend() -> Path:
    """The reference backend with its byte code: made once, for this process and those that are forked from it."""
    folder = tempfile.TemporaryDirectory(prefix="coursegate-compiled-")
    atexit.register(folder.cleanup)  # trials are forked, and end without this
    backend = copy_backend(Path(folder.name), BACKEND)
    compileall.compile_dir(backend, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    return backend


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
