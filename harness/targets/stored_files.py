"""The files that the world's rows name: a row that is put back finds the file again that went with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class StoredFiles:
    """What lies in the folders of a target's storages now."""

    def __init__(self, folders: Iterable[Path]) -> None:
        files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
        self._files = {path: path.read_bytes() for path in files}

    def put_back(self) -> None:
        """Write again what is no longer there."""
        for path, content in self._files.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
