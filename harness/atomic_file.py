"""Files that are written whole or not at all, and, where they hold secrets, for nobody else's eyes."""

from __future__ import annotations

import os
from pathlib import Path

EVERYBODY, OWNER = 0o666, 0o600


def write_whole(path: Path, text: str, mode: int = EVERYBODY) -> Path:
    """Write a file; what stood there before stays until all of the new one is written.

    Args:
        mode: who may read it, as far as the system grants it to anybody: `EVERYBODY`, or its `OWNER` alone.

    Raises:
        OSError: the folder is not there, or not writable.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, mode)

    try:
        # What a target said may hold half of a surrogate pair, which no encoding has.
        with open(partial, "w", encoding="utf-8", errors="backslashreplace", opener=opener) as stream:
            stream.write(text)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
