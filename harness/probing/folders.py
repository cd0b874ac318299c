"""The folders of a project in which its tools look for what it says to them."""

from __future__ import annotations

from pathlib import Path

_MOST = 4


def roots_of(checkout: Path) -> list[Path]:
    """The backend's folder and those above it, up to that of the repository."""
    folders = [checkout, *checkout.parents][:_MOST]
    top = next((number for number, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    return folders[: top + 1]
