"""Whom a server runs as: PostgreSQL refuses to be root, and nothing else needs to be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"
# The address of a Unix socket has at most 107 bytes; what comes below this folder takes about forty.
LONGEST_FOLDER = 60


@dataclass(frozen=True)
class Account:
    """The user and group that servers run as; None for those of this process."""

    user: int | None = None
    group: int | None = None

    def own(self, path: Path) -> None:
        """Give a folder or file to the account, and to nobody else."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def run(
        self, command: Sequence[str], seconds: float, environment: Mapping[str, str], cwd: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end.

        Raises:
            PermissionError: the account cannot reach it.
            subprocess.TimeoutExpired: it took longer than `seconds`, and was ended.
        """
        return subprocess.run(
            list(command),
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )

    def reaches(self, program: Path) -> bool:
        """Whether the account can run a program: a home that is closed to others stands in its way."""
        try:
            return self.run([str(program), "--version"], 10, {}, Path("/")).returncode == 0
        except OSError:
            return False


def account() -> Account:
    """An unprivileged one where this process is root, else its own."""
    if os.geteuid() != 0:
        return Account()
    entry = pwd.getpwnam(UNPRIVILEGED)
    return Account(entry.pw_uid, entry.pw_gid)


def reachable_copy(folder: Path, copy: Path, names: Sequence[str]) -> None:
    """Put programs with what they load where every account can run them."""
    for name in names:
        if (folder / name).exists():
            shutil.copytree(folder / name, copy / name, copy_function=link_or_copy)


def link_or_copy(file: str | Path, copy: str | Path) -> None:
    """A second name for a file, or its copy on another file system."""
    try:
        os.link(file, copy)
    except OSError:
        shutil.copy2(file, copy)


def temporary_folder() -> Path:
    """Where services live: the temporary folder, or /tmp where that one is too deep or closed to other accounts."""
    folder = Path(tempfile.gettempdir()).resolve()
    open_to_all = all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))
    if len(str(folder)) > LONGEST_FOLDER or (os.geteuid() == 0 and not open_to_all):
        return Path("/tmp")
    return folder
