"""The contract speaks of the platform's rows and columns, and of no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coursegate.contracts.columns import Columns, load_columns
from coursegate.contracts.contract import FOLDER, Contract
from coursegate.contracts.reading import ContractError

FILE = FOLDER / "columns.yaml"


@pytest.fixture(scope="module")
def columns(contract: Contract) -> Columns:
    return contract.declassified.columns


@pytest.mark.parametrize(
    "what",
    ["courses.Note", "courses.Note.is_private", "courses.Review.is_featured", "courses.Note.lesson_id"],
)
def test_what_the_platform_has_is_spoken_of(columns: Columns, what: str) -> None:
    """Its models, their columns, those that no operation shows among them, and foreign keys by the names of their columns."""
    assert columns.spoken_of([what]) == {what}


@pytest.mark.parametrize(
    "what", ["audit.Entry", "audit.Entry.path", "users.CustomUser.last_seen", "django_session"]
)
def test_what_a_backend_keeps_besides_is_its_own(columns: Columns, what: str) -> None:
    """Models of its own, columns of its own in the platform's, and tables without a model are nothing to speak of."""
    assert not columns.spoken_of([what])


def test_counters_may_be_written(contract: Contract) -> None:
    """Of what a read writes, only what is spoken of and is no counter is undeclared."""
    written = [
        "courses.Course.view_count",
        "courses.UserStats.activity_streak",
        "audit.Entry",
        "courses.Course.title",
    ]

    assert contract.declassified.undeclared(written) == {"courses.Course.title"}
    assert contract.declassified.undeclared(None) == frozenset()


def test_models_of_a_teams_own_operations_are_spoken_of(contract: Contract) -> None:
    """An operation that a team adds brings what it shows and takes, on a model that the platform does not have."""
    plain = contract.api.operations["notes.create"]
    own = replace(plain, id="badges.create", model="", creates="shop.Badge", collection="")
    api = replace(contract.api, operations={**contract.api.operations, own.id: own})

    found = load_columns(FILE, api, contract.world)

    assert found.of("shop.Badge") >= {"lesson", "content"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "is_private",
            "is_secret",
            "courses.Note.is_private is not here, and note-private of the world has it",
        ),
        ("courses.Note:", "courses.Memo:", "courses.Note is not here"),
        ("courses.Note: [", "courses.Note: {", "is not YAML"),
    ],
)
def test_what_the_world_sets_is_there(
    contract: Contract, tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    """A column or model of the world that is missing is refused, with the file and what has it."""
    path = tmp_path / "columns.yaml"
    path.write_text(FILE.read_text().replace(old, new, 1))

    with pytest.raises(ContractError, match=complaint) as caught:
        load_columns(path, contract.api, contract.world)

    assert str(path) in str(caught.value)
