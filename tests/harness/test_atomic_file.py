"""A file is written whole or not at all, and a secret one for its owner."""

import stat
from pathlib import Path

import pytest

from coursegate.harness.atomic_file import OWNER, write_whole


def test_what_holds_secrets_is_for_its_owner(tmp_path: Path) -> None:
    file = write_whole(tmp_path / "tokens.json", "{}", OWNER)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_others_could_read_is_not_written_into(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.touch(mode=0o644)

    write_whole(file, "{}", OWNER)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_stays_as_it_was_where_the_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_whole(tmp_path / "gate.json", "before")

    def full(_self: Path, _target: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(file, "after")

    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_half_a_surrogate_pair_is_written_as_it_is_escaped(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "gate.json", "\ud800").read_text() == "\\ud800"
