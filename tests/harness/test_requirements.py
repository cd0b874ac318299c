"""A requirements file is read as its team meant it, whatever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.harness.preflight.requirements import lines_of, requirements_of

TEXT = "Django>=5.2,<5.3  # the framework\r\n\r\n# nothing\r\n-e .\r\n-r more.txt\r\nrequests\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encoding_does_not_matter(tmp_path: Path, encoding: str) -> None:
    """Files of every editor ask for the same, once each; the checkout itself is not among it."""
    (tmp_path / "more.txt").write_text("bleach\nrequests\n", encoding="utf-8")
    file = tmp_path / "requirements.txt"
    file.write_bytes(TEXT.encode(encoding))

    assert lines_of(file) == ["Django>=5.2,<5.3", "bleach", "requests"]


def test_file_is_looked_for_where_teams_keep_it(tmp_path: Path) -> None:
    """In the folder of manage.py, in one of several files, or above it."""
    backend = tmp_path / "backend"
    (backend / "requirements").mkdir(parents=True)
    assert requirements_of(backend) is None

    (tmp_path / "requirements.txt").touch()
    assert requirements_of(backend) == tmp_path / "requirements.txt"

    (backend / "requirements" / "base.txt").touch()
    assert requirements_of(backend) == backend / "requirements" / "base.txt"
