"""`coursegate findings` says what the audit asks for."""

from __future__ import annotations

import pytest

from coursegate.commands.cli import main
from coursegate.commands.findings import by_file_page
from coursegate.commands.places import ROOT
from coursegate.contracts.contract import load_contract

PAGE = ROOT / "docs" / "files-to-modify.md"


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every finding of the audit has its line."""
    assert main(["findings"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(load_contract().findings)


def test_one_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """One finding is told with the property it asks for, its checks and its defects."""
    assert main(["findings", "ser-02"]) == 0

    told = capsys.readouterr().out
    assert "API key stays `answers`" in told
    assert "regression/SER-02/answers-stand-in-their-order" in told
    assert "findings/answers-prefetched-by-another-name" in told


def test_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """An id that the audit does not know is refused with those areas that it does."""
    assert main(["findings", "SER-99"]) == 4

    assert "the audit has no finding 'SER-99'" in capsys.readouterr().err


def test_page_of_files_is_current() -> None:
    """The page of files to be modified is the one that the findings make."""
    written = PAGE.read_text(encoding="utf-8")

    assert written == "\n".join(by_file_page(load_contract().findings)) + "\n", "run `make docs`"
