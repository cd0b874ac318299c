"""`coursegate check` says what is wrong with a file of the contract, or with what a team says of its backend."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from coursegate.commands.check import CONTRACT, answer
from coursegate.contracts.contract import FOLDER


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[routes]\n'lessons.fetch' = '/x/'", "'lessons.fetch' is no operation"),
        ("[policy]\nreviewers = 'nobody'", "nobody"),
        ("[rows]\n'users.CustomUser' = {is_staff = true}", "'is_staff' is the platform's"),
        ("[bodies]\n'courses.list' = {a = 1}", "courses.list sends no body"),
        ("[unsupported]\n'lessons.fetch' = 'sold'", "'lessons.fetch' is no operation"),
    ],
)
def test_what_a_team_says_is_held_against_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    """A name that the contract does not know, and what may not be said, are told with the file."""
    file = tmp_path / "coursegate.toml"
    file.write_text(text, encoding="utf-8")

    assert answer(Namespace(files=[file])) == 1
    told = capsys.readouterr().out
    assert complaint in told
    assert str(file) in told


def test_the_contract_itself_is_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every file of the contract can be checked, and so can an agreement that says nothing; nothing is wrong with them."""
    (tmp_path / "coursegate.toml").write_text("", encoding="utf-8")

    assert answer(Namespace(files=[FOLDER / "columns.yaml", tmp_path / "coursegate.toml"])) == 0
    assert capsys.readouterr().out == ""
    apart = {"slo.yaml", "standards.yaml"}
    assert {file.name for file in FOLDER.glob("*.yaml")} - apart == CONTRACT
