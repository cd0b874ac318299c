"""Undoing what a request did gives back the files that it deleted."""

from __future__ import annotations

from pathlib import Path

from coursegate.harness.targets.stored_files import StoredFiles


def test_a_deleted_file_is_put_back(tmp_path: Path) -> None:
    """A file that was there comes back with its folder; one that came later, and one that is still there, are left alone."""
    kept, gone = tmp_path / "kept.pdf", tmp_path / "below" / "gone.pdf"
    gone.parent.mkdir()
    for file in (kept, gone):
        file.write_text("before")
    files = StoredFiles([tmp_path, tmp_path / "there-is-no-such-folder"])

    gone.unlink()
    gone.parent.rmdir()
    kept.write_text("after")
    (tmp_path / "new.pdf").write_text("new")
    files.put_back()

    assert gone.read_text() == "before"
    assert kept.read_text() == "after"
    assert (tmp_path / "new.pdf").exists()
