"""Whatever is wrong with a contract file is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.contracts.reading import ContractError, read


def _file(folder: Path, text: str) -> Path:
    path = folder / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_duplicate_key_is_refused_at_its_second_line(tmp_path: Path) -> None:
    """A key that stands twice is refused where it stands again, although YAML would keep the last one."""
    root = read(_file(tmp_path, "guest: full\nowner: full\nguest: locked\n"))

    with pytest.raises(ContractError, match="'guest' stands twice") as refusal:
        root.mapping()

    assert refusal.value.line == 3


def test_unknown_key_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    """A misspelt key is named, together with the keys there are."""
    root = read(_file(tmp_path, "cells: []\nsuorce: []\n"))

    with pytest.raises(
        ContractError, match=r"unknown key 'suorce'; expected one of cells, source"
    ) as refusal:
        root.mapping(required={"cells"}, optional={"source"})

    assert refusal.value.line == 2


@pytest.mark.parametrize(
    ("text", "complaint", "line"),
    [("", "is empty", 0), ("a: [1, 2\nb: 3\n", "is not YAML", 2), ("a: 1\n\tb: 2\n", "is not YAML", 2)],
    ids=["empty", "open-bracket", "tab"],
)
def test_what_is_not_yaml_is_refused(tmp_path: Path, text: str, complaint: str, line: int) -> None:
    """A file that is no YAML at all is one sentence, with the line where it stops being it."""
    with pytest.raises(ContractError, match=complaint) as refusal:
        read(_file(tmp_path, text))

    assert refusal.value.line == line


def test_missing_file_is_a_contract_error(tmp_path: Path) -> None:
    """A file that is not there is refused like one that is wrong."""
    with pytest.raises(ContractError, match="cannot be read"):
        read(tmp_path / "absent.yaml")


def test_scalars_are_resolved_as_yaml_does(tmp_path: Path) -> None:
    """Numbers, booleans and nulls keep the meaning they have in YAML."""
    root = read(_file(tmp_path, "a: 1\nb: true\nc: null\nd: 49.99\ne: '1'\n"))

    assert root.plain() == {"a": 1, "b": True, "c": None, "d": 49.99, "e": "1"}
