"""The choice classes: Django's own kind, with the former spellings still working."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.db.migrations.writer import MigrationWriter

from courses import constants
from courses.models import choices as model_choices

CHOICES = [
    constants.AccessLevel,
    constants.CompletionStatus,
    constants.CourseLevel,
    constants.CreationMethod,
    constants.EnrollmentStatus,
    constants.LessonType,
    constants.QuestionType,
    constants.ResourceType,
]


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: choices.__name__)
def test_choices_are_text_choices_in_both_spellings(choices: Any) -> None:
    assert issubclass(choices, models.TextChoices)
    assert choices.choices == choices.choices() == list(zip(choices.values, choices.labels, strict=True))
    assert choices.values == choices.values() == [member.value for member in choices]
    for member in choices:
        assert member == member.value == member.code == str(member)
        assert member.label


def test_a_field_stores_the_choices_as_a_plain_list() -> None:
    field: Any = models.CharField(max_length=20, choices=constants.CourseLevel.choices)

    text, _imports = MigrationWriter.serialize(field)

    assert "('all_levels', 'All Levels')" in text
    assert "CallableList" not in text


def test_legacy_names_hold_the_same_choices() -> None:
    assert constants.CourseLevel.choices == constants.LEVEL_CHOICES
    assert constants.EnrollmentStatus.choices == constants.STATUS_CHOICES
    assert constants.ALL_CHOICES["course_level"] == constants.CourseLevel.choices
    assert constants.VALID_VALUES["access_level"] == ["guest", "registered", "premium", "enterprise"]
    assert model_choices.AccessLevel is constants.AccessLevel
    assert constants.is_valid_choice("active", "enrollment_status")
    assert not constants.is_valid_choice("active", "no_such_set")


@pytest.mark.parametrize(
    ("user_level", "opened"),
    [
        ("guest", ["guest"]),
        ("registered", ["guest", "registered"]),
        ("premium", ["guest", "registered", "premium", "enterprise"]),
        ("no such level", ["guest"]),
    ],
)
def test_a_level_opens_what_it_reaches(user_level: str, opened: list[str]) -> None:
    levels = [*constants.AccessLevel.values, "unknown", ""]

    assert [level for level in levels if constants.can_user_access_content(user_level, level)] == opened
    assert list(constants.AccessLevel.reached_by(user_level)) == opened


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (constants.get_env_int, "7", 7),
        (constants.get_env_int, "seven", 3),
        (constants.get_env_decimal, "1.5", Decimal("1.5")),
        (constants.get_env_decimal, "NaN", Decimal(3)),
        (constants.get_env_bool, "yes", True),
        (constants.get_env_bool, "", 3),
    ],
)
def test_the_environment_is_read_or_the_default_taken(
    read: Any, text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDUCORE_TEST", text)

    assert read("EDUCORE_TEST", 3) == value


def test_files_and_texts_are_held_against_their_limits() -> None:
    assert constants.validate_file_type("a.PDF", "document")
    assert not constants.validate_file_type("a.pdf", "image")
    assert constants.validate_file_size(1, "image")
    assert not constants.validate_file_size(constants.MAX_FILE_SIZE["image"] + 1, "image")
    assert not constants.validate_file_size(1, "no such kind")
    assert not constants.validate_content_length("x" * 161, "title")
