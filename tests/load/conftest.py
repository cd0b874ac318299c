"""Copies of the reference backend that the tests break on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.commands.proof.workshop import copy_backend


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """A copy of the reference backend, outside the repository."""
    return copy_backend(tmp_path)
