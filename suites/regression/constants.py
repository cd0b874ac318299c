"""`courses/constants.py`: the closed sets of values, which are Django's own choices and still what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

CONSTANTS = "courses.constants"
# What the columns of the models hold, and held before (the models as they were audited).
VALUES = {
    "CourseLevel": ("beginner", "intermediate", "advanced", "all_levels"),
    "CreationMethod": ("builder", "wizard", "ai", "import", "manual", "template"),
    "CompletionStatus": (
        "not_started",
        "in_progress",
        "partially_complete",
        "complete",
        "published",
        "archived",
        "suspended",
    ),
    "LessonType": (
        "video",
        "reading",
        "interactive",
        "quiz",
        "lab_exercise",
        "assignment",
        "discussion",
        "live_session",
        "download",
    ),
    "AccessLevel": ("guest", "registered", "premium", "enterprise"),
    "ResourceType": (
        "document",
        "video",
        "audio",
        "image",
        "link",
        "code_sample",
        "tool_software",
        "dataset",
        "template",
        "archive",
    ),
    "QuestionType": ("multiple_choice", "true_false", "short_answer", "essay", "matching", "fill_blank"),
    "EnrollmentStatus": ("active", "completed", "dropped", "suspended", "unenrolled", "expired", "pending"),
}
# The columns that hold them.
COLUMNS = {
    "CourseLevel": ("courses.Course", "level"),
    "CreationMethod": ("courses.Course", "creation_method"),
    "CompletionStatus": ("courses.Course", "completion_status"),
    "LessonType": ("courses.Lesson", "type"),
    "AccessLevel": ("courses.Lesson", "access_level"),
    "ResourceType": ("courses.Resource", "type"),
    "QuestionType": ("courses.Question", "question_type"),
    "EnrollmentStatus": ("courses.Enrollment", "status"),
}
LISTS = {
    "CourseLevel": "LEVEL_CHOICES",
    "CreationMethod": "CREATION_METHODS",
    "CompletionStatus": "COMPLETION_STATUSES",
    "LessonType": "LESSON_TYPE_CHOICES",
    "AccessLevel": "ACCESS_LEVEL_CHOICES",
    "ResourceType": "RESOURCE_TYPE_CHOICES",
    "QuestionType": "QUESTION_TYPE_CHOICES",
    "EnrollmentStatus": "STATUS_CHOICES",
}
# The sets that the models have had under a path of their own.
MODELS_CHOICES = ("CourseLevel", "AccessLevel", "CompletionStatus", "EnrollmentStatus")
EACH = {name: {"name": name} for name in VALUES}


def _pairs(choices: Any) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices]


@finding("CONST-01", cases=EACH)
def a_set_of_values_is_made_of_text_choices(on: Probe, name: str) -> None:
    """A closed set is a TextChoices, with the values that were always stored, and labels to show."""
    from django.db.models import TextChoices

    kind = on.name(f"{CONSTANTS}.{name}")

    assert issubclass(kind, TextChoices)
    assert [str(value) for value in kind.values] == list(VALUES[name])
    assert [value for value, _ in _pairs(kind.choices)] == list(VALUES[name])
    assert len([label for label in kind.labels if str(label)]) == len(VALUES[name])


@finding("CONST-01", cases=EACH)
def a_member_is_told_by_its_value(on: Probe, name: str) -> None:
    """A member that is written into a text stands there as its value, as that of every TextChoices does."""
    kind = on.name(f"{CONSTANTS}.{name}")

    assert [f"{member}" for member in kind] == [str(member.value) for member in kind]
    assert [str(member) for member in kind] == [str(member.value) for member in kind]


@finding("CONST-01", cases=EACH)
def the_former_calls_still_work(on: Probe, name: str) -> None:
    """`choices()` and `values()` can be called as before, and say what the attributes say; members have code and label."""
    kind = on.name(f"{CONSTANTS}.{name}")

    assert _pairs(kind.choices()) == _pairs(kind.choices)
    assert [str(value) for value in kind.values()] == list(VALUES[name])
    assert [str(member.code) for member in kind] == list(VALUES[name])
    assert [str(member.label) for member in kind] == [label for _, label in _pairs(kind.choices)]


@finding("CONST-01", cases=EACH)
def the_former_lists_are_the_same_choices(on: Probe, name: str) -> None:
    """The list of choices under its former name is that of the set, in the tables of all sets, too."""
    pairs = _pairs(on.name(f"{CONSTANTS}.{name}").choices)
    values = [value for value, _ in pairs]

    assert _texts(on.name(f"{CONSTANTS}.{LISTS[name]}")) in (_texts(pairs), values)
    for table in ("ALL_CHOICES", "VALID_VALUES"):
        listed = [_texts(of) for of in _held(on.name(f"{CONSTANTS}.{table}"))]
        # Which sets a table holds, and in which order each, is the team's; what it holds of this one is all of it.
        about = [of for of in listed if _is_about(of, values)]
        others = [of for of in about if sorted(map(_value, of)) != sorted(values)]
        assert others == [], f"{table} holds another list of {name}: {others[0]}"


def _texts(choices: Any) -> list[Any]:
    """Choices, or values alone, as texts."""
    return [
        tuple(map(str, choice)) if isinstance(choice, (list, tuple)) else str(choice) for choice in choices
    ]


def _value(choice: Any) -> Any:
    return choice[0] if isinstance(choice, tuple) else choice


def _is_about(listed: list[Any], values: list[str]) -> bool:
    """Whether a list has most of what a set has: some values stand in several sets."""
    return len(set(map(_value, listed)) & set(values)) * 2 > len(values)


def _held(table: Any) -> list[Any]:
    return list(table.values() if isinstance(table, Mapping) else table)


@finding("CONST-01", cases=EACH)
def columns_take_the_same_choices(on: Probe, name: str) -> None:
    """The column that holds a set's values offers its choices, and no others."""
    kind = on.name(f"{CONSTANTS}.{name}")
    model, column = COLUMNS[name]

    assert _pairs(on.model(model)._meta.get_field(column).choices) == _pairs(kind.choices)


@finding("CONST-01", cases=EACH)
def a_set_is_defined_once(on: Probe, name: str) -> None:
    """The set of the constants is the only one of its name or with its values, and the models have it under their path."""
    kind = on.name(f"{CONSTANTS}.{name}")
    if name in MODELS_CHOICES:
        assert on.name(f"courses.models.choices.{name}") is kind

    others = [
        f"{other.__module__}.{other.__qualname__}"
        for other in _enumerations(Enum)
        if other is not kind and (other.__name__ == name or _stored(other) == set(VALUES[name]))
    ]
    assert others == [], f"the values of {name} are defined again in {', '.join(others)}"


def _enumerations(kind: type[Enum]) -> Iterator[type[Enum]]:
    """Every enumeration of the app that is loaded, wherever it is nested."""
    for other in kind.__subclasses__():
        if other.__module__.partition(".")[0] == "courses":
            yield other
        yield from _enumerations(other)


def _stored(kind: type[Enum]) -> set[str]:
    """The values of an enumeration, of a pair with a label the value."""
    values = (member.value for member in kind)
    return {str(value[0] if isinstance(value, tuple) and value else value) for value in values}


@finding("CONST-01")
def the_questions_that_the_sets_answer_stay(on: Probe) -> None:
    """The sets still say which statuses count as active, how levels rank, and which opens which."""
    statuses = [str(status) for status in on.name(f"{CONSTANTS}.EnrollmentStatus").active_statuses()]
    ranks = _ranks(on.name(f"{CONSTANTS}.AccessLevel").hierarchy())
    opens = on.name(f"{CONSTANTS}.can_user_access_content")

    assert "active" in statuses
    assert "unenrolled" not in statuses
    assert ranks["guest"] < ranks["registered"] < ranks["premium"]
    reaches = on.name(f"{CONSTANTS}.AccessLevel").can_access
    assert opens("premium", "registered")
    assert not opens("registered", "premium"), "a premium lesson opens for the registered"
    assert not opens("guest", "registered"), "a lesson for the registered opens for guests"
    assert opens("premium", "enterprise"), "an enterprise lesson is closed to premium"
    assert not _opened(opens, "registered", "platinum"), "a lesson of a level that nobody knows opens"
    # Which of the two it is asked for first is the team's.
    assert reaches("premium", "registered") != reaches("registered", "premium"), (
        "each level reaches the other"
    )


def _ranks(hierarchy: Any) -> dict[str, Any]:
    """The rank of each level, of a table of them or of a list in their order."""
    pairs = (
        hierarchy.items()
        if isinstance(hierarchy, Mapping)
        else ((level, number) for number, level in enumerate(hierarchy))
    )
    return {str(level): rank for level, rank in pairs}


def _opened(asks: Callable[[str, str], Any], level: str, wanted: str) -> bool:
    """Whether a level opens another one; who does not know that one may say so."""
    try:
        return bool(asks(level, wanted))
    except (KeyError, ValueError):
        return False
