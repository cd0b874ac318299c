"""`courses/serializers/mixins.py`: representations that share nothing with what they were made from."""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

SERIALIZERS = "courses.serializers"
MIXIN = f"{SERIALIZERS}.mixins.ContextPropagationMixin"
HOOK = "_process_representation_safely"
# Serializer -> an object of the world that it shows.
SHOWN = {
    "AnswerSerializer": "answer-registered",
    "QuestionSerializer": "question-registered",
    "ReviewSerializer": "review-registered",
    "NoteSerializer": "note-private",
    "LessonSerializer": "lesson-guest",
    "CourseSerializer": "course-open",
    "CourseDetailSerializer": "course-open",
    "EnrollmentSerializer": "enrollment-registered",
    "ProgressSerializer": "progress-registered",
}
EACH = {name: {"name": name, "subject": subject} for name, subject in SHOWN.items()}


def _serializer(on: Probe, kind: Any) -> Any:
    return kind(context={"request": request_of(on.row("owner"))})


@contextmanager
def _copies_seen(folder: str) -> Iterator[list[str]]:
    """Collects where below a folder `copy.deepcopy` is called for a representation, however it was imported."""
    seen: list[str] = []
    genuine = copy.deepcopy

    def watched(value: Any, *rest: Any) -> Any:
        caller: FrameType | None = sys._getframe(1)
        if (
            caller is not None
            and caller.f_code.co_filename.startswith(folder)
            and isinstance(value, dict | list)
        ):
            seen.append(f"{caller.f_code.co_filename.removeprefix(folder)}:{caller.f_lineno}")
        return genuine(value, *rest)

    places = [
        (module, name)
        for module in list(sys.modules.values())
        if (getattr(module, "__file__", None) or "").startswith(folder) or module is copy
        for name, value in list(vars(module).items())
        if value is genuine
    ]
    for module, name in places:
        setattr(module, name, watched)
    try:
        yield seen
    finally:
        for module, name in places:
            setattr(module, name, genuine)


@finding("SER-03", cases=EACH)
def no_representation_is_copied_deeply(on: Probe, name: str, subject: str) -> None:
    """No serializer of the backend makes a deep copy of what it shows."""
    serializer = _serializer(on, on.name(f"{SERIALIZERS}.{name}"))
    row = on.row(subject)
    # The first time, fields are made, and DRF copies declared fields deeply.
    assert serializer.to_representation(row)

    with _copies_seen(str(on.checkout.sources / "courses" / "serializers")) as seen:
        shown = serializer.to_representation(row)

    assert shown
    assert seen == [], f"{name} copies deeply at {', '.join(seen)}"


@finding("SER-03")
def no_serializer_of_the_mixin_copies_deeply(on: Probe) -> None:
    """No serializer that builds on the mixin makes a deep copy of what it shows, whichever it is."""
    asked = [(_serializer(on, kind), row) for kind, row in _of_the_mixin(on)]
    if not asked:
        raise NotApplicable("no serializer of a model in the world builds on ContextPropagationMixin")
    for serializer, row in asked:
        serializer.to_representation(row)  # as above

    copying = {}
    for serializer, row in asked:
        with _copies_seen(str(on.checkout.sources / "courses" / "serializers")) as seen:
            serializer.to_representation(row)
        if seen:
            copying[type(serializer).__name__] = seen
    assert copying == {}, f"these copy deeply: {copying}"


def _times_run(on: Probe, kind: Any, row: Any) -> int:
    """How often the hook of a serializer runs for one object."""
    processed = []

    def counting(self: Any, data: Any, instance: Any) -> Any:
        processed.append(instance)
        return getattr(super(counted, self), HOOK)(data, instance)

    counted: Any = type(f"Counted{kind.__name__}", (kind,), {HOOK: counting})
    assert _serializer(on, counted).to_representation(row)
    return sum(item is row for item in processed)


@finding("SER-03", cases=EACH)
def the_hook_runs_once(on: Probe, name: str, subject: str) -> None:
    """What a serializer does to a representation is done once for each object."""
    kind = on.name(f"{SERIALIZERS}.{name}")
    if not issubclass(kind, on.name(MIXIN)):
        raise NotApplicable(f"{name} has no such hook: it does not build on ContextPropagationMixin")

    times = _times_run(on, kind, on.row(subject))

    assert times == 1, f"the hook of {name} ran {times} times for one object"


@finding("SER-03")
def no_hook_runs_twice(on: Probe) -> None:
    """No serializer that builds on the mixin does to a representation twice what it does to it, whichever it is."""
    times = {kind.__qualname__: _times_run(on, kind, row) for kind, row in _of_the_mixin(on)}
    if not times:
        raise NotApplicable("no serializer of a model in the world builds on ContextPropagationMixin")

    # One that leaves the showing to another serializer has none of its own to run.
    twice = [name for name, count in times.items() if count > 1]
    assert twice == [], f"the hook runs more than once for one object in {', '.join(twice)}"
    assert any(times.values()), "no hook ran at all"


def _of_the_mixin(on: Probe) -> Iterator[tuple[Any, Any]]:
    """Every serializer of the app that builds on the mixin and shows a row by itself, with a row of the world."""
    for file in on.files("courses/serializers"):
        with suppress(Exception):  # that a module does not load is another finding
            importlib.import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    subjects: dict[str, str] = {}
    for name, item in on.contract.world.objects.items():
        if name in on.world.ids:
            subjects.setdefault(item.model, name)
    for kind in _below(on.name(MIXIN)):
        model = getattr(getattr(kind, "Meta", None), "model", None)
        subject = subjects.get(model._meta.label) if model else None
        if subject and kind.__module__.startswith("courses."):
            row = on.row(subject)
            if _shows(on, kind, row):
                yield kind, row


def _shows(on: Probe, kind: Any, row: Any) -> bool:
    """Whether a serializer shows a row by itself; one that only writes, or wants more than the row, need not."""
    try:
        return bool(_serializer(on, kind).to_representation(row))
    except Exception:  # whatever a foreign serializer raises
        return False


def _below(kind: Any) -> Iterator[Any]:
    """The classes that are built on a class, each once."""
    found: dict[Any, None] = {}
    waiting = [kind]
    while waiting:
        for sub in waiting.pop().__subclasses__():
            if sub not in found:
                found[sub] = None
                waiting.append(sub)
    yield from found


LISTS = {"requirements": ["patience"], "skills": ["reading"], "learning_objectives": ["to read on"]}
TAGS = {"tags": ["first", "second"]}
NESTED = {
    "content_filters": {"levels": ["beginner"], "length": {"most": 10}},
    "accessibility": {"captions": {"size": ["large"]}},
}


def _preferences(on: Probe) -> Any:
    """A serializer of a model whose JSON values are nested, built from what the team builds its own from.

    Raises:
        NotApplicable: its notes are shown by no serializer of a model.
    """
    from rest_framework import serializers

    bases = tuple(_without_fields(on.name(f"{SERIALIZERS}.NoteSerializer")))
    if not any(issubclass(base, serializers.ModelSerializer) for base in bases):
        raise NotApplicable("NoteSerializer is no serializer of a model")
    meta = type("Meta", (), {"model": on.model("courses.UserPreference"), "fields": tuple(NESTED)})
    return type("PreferenceSerializer", bases, {"Meta": meta})


def _without_fields(kind: Any) -> Iterator[Any]:
    """What a serializer is built from, as far as it is about no model yet: mixins and base classes, in their order."""
    for base in kind.__bases__:
        if getattr(base, "Meta", None) is not None or getattr(base, "_declared_fields", None):
            yield from _without_fields(base)
        else:
            yield base


@finding(
    "SER-09",
    cases={
        "CourseSerializer": {"name": "CourseSerializer", "label": "courses.Course", "values": LISTS},
        "CourseDetailSerializer": {
            "name": "CourseDetailSerializer",
            "label": "courses.Course",
            "values": LISTS,
        },
        "NoteSerializer": {"name": "NoteSerializer", "label": "courses.Note", "values": TAGS},
        "CourseSerializer-empty": {
            "name": "CourseSerializer",
            "label": "courses.Course",
            "values": {name: [] for name in LISTS},
        },
        "of-the-mixin": {"name": "", "label": "courses.UserPreference", "values": NESTED},
    },
)
def changing_what_is_shown_changes_nothing_else(
    on: Probe, name: str, label: str, values: dict[str, Any]
) -> None:
    """Whatever is done to a representation, down to its lists, neither the object nor another one is changed."""
    kind = on.name(f"{SERIALIZERS}.{name}") if name else _preferences(on)
    row = on.model(label)() if label == "courses.UserPreference" else on.rows(label).first()
    assert row is not None, f"the world holds no {label}"
    for field, value in values.items():
        setattr(row, field, copy.deepcopy(value))
    context = {"request": request_of(on.row("owner"))}
    first, second = kind(row, context=context).data, kind(row, context=context).data
    shown = {field: first[field] for field in values if field in first}
    assert shown, f"{name} shows none of {', '.join(values)}"
    assert all(value == values[field] for field, value in shown.items())

    for field, value in shown.items():
        _spoil(value)
        first[field] = "gone"

    for field in shown:
        assert getattr(row, field) == values[field], f"{label}.{field} was changed through its representation"
        assert second[field] == values[field], f"another representation of {field} was changed, too"


@finding("SER-09")
def a_teaser_is_nobody_elses(on: Probe) -> None:
    """Whatever is done to the teaser of a closed lesson, down to its lists, the next one is shown as the last one was."""
    kind, row = on.name(f"{SERIALIZERS}.LessonSerializer"), on.row("lesson-premium")
    context = {"request": request_of(on.row("registered"))}
    before = copy.deepcopy(dict(kind(row, context=context).data))
    if not any(isinstance(value, list | dict) for value in before.values()):
        raise NotApplicable("a teaser has nothing in it that could be shared")

    for value in kind(row, context=context).data.values():
        _spoil(value)

    assert dict(kind(row, context=context).data) == before


@finding("SER-09")
def the_hook_may_change_what_it_is_given(on: Probe) -> None:
    """A subclass may take away, put in and change whatever the hook is given: the object stays what it is."""
    from rest_framework import serializers

    kind = on.name(f"{SERIALIZERS}.CourseSerializer")

    def spoiling(self: Any, data: Any, instance: Any) -> Any:
        processed = dict(getattr(super(spoiled, self), HOOK)(data, instance))
        for field in LISTS:
            _spoil(processed.get(field))
        processed.pop("title")
        return {**processed, "added": True}

    assert issubclass(kind, serializers.BaseSerializer)
    spoiled: Any = type("Spoiled", (kind,), {HOOK: spoiling})
    row = on.row("course-open")
    title = row.title
    for field, value in LISTS.items():
        setattr(row, field, copy.deepcopy(value))

    shown = _serializer(on, spoiled).to_representation(row)

    assert shown["added"] is True
    assert "title" not in shown
    assert row.title == title
    assert {field: getattr(row, field) for field in LISTS} == LISTS


def _spoil(value: Any) -> None:
    """Change a JSON value in place, at every depth."""
    if isinstance(value, dict):
        for inner in list(value.values()):
            _spoil(inner)
        value["spoiled"] = True
    elif isinstance(value, list):
        for inner in value:
            _spoil(inner)
        value.append("spoiled")
