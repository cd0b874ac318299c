"""What a team's backend needs in columns of its own stands in every row of the world, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.contracts.agreement import load_agreement
from coursegate.contracts.contract import load_contract
from coursegate.contracts.reading import ContractError
from coursegate.tests.contracts.agreeing import agreed

TERMS = """
[rows]
"users.CustomUser" = {terms_accepted = true, "accepted_at" = 2026-01-01T00:00:00Z}
"""


def test_every_row_of_the_model_holds_it(tmp_path: Path) -> None:
    """Rows of the model have the new columns and all they had; rows of others are as they were."""
    plain, said = load_contract().world, agreed(tmp_path, TERMS).world

    for name, item in plain.objects.items():
        more = said.objects[name].fields.items() - item.fields.items()
        assert {key for key, _ in more} == (
            {"terms_accepted", "accepted_at"} if item.model == "users.CustomUser" else set()
        )
        assert item.fields.items() <= said.objects[name].fields.items()


def test_columns_stay_the_backends_own(tmp_path: Path) -> None:
    """What a team says of a column does not make it the platform's: requests may write it."""
    assert not agreed(tmp_path, TERMS).declassified.columns.spoken_of(["users.CustomUser.terms_accepted"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("'users.User' = {terms = true}", "the world has no row of 'users.User'"),
        ("'users.CustomUser' = {is_staff = true}", "'is_staff' is the platform's"),
        ("'courses.Lesson' = {module_id = 1}", "'module_id' is the platform's"),
        ("'users.CustomUser' = 'terms'", "expected keys and their values"),
        ("'users.CustomUser' = {}", "expected keys and their values"),
    ],
)
def test_nonsense_is_refused_with_the_file(tmp_path: Path, text: str, complaint: str) -> None:
    """A model that the world has no row of, a column of the platform, and no columns at all are told."""
    with pytest.raises(ContractError, match=complaint) as caught:
        agreed(tmp_path, f"[rows]\n{text}\n")

    assert "coursegate.toml" in str(caught.value)


def test_it_is_told(tmp_path: Path) -> None:
    """Reports name the columns, without what they hold."""
    (tmp_path / "coursegate.toml").write_text(TERMS, encoding="utf-8")
    agreement = load_agreement(tmp_path / "coursegate.toml")

    assert agreement.held_besides == ["users.CustomUser terms_accepted, accepted_at"]
    assert agreement.described()["rows"] == {"users.CustomUser": ["terms_accepted", "accepted_at"]}
