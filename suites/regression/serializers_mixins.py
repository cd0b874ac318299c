"""`courses/serializers/mixins.py`: representations that share nothing with what they were made from."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.mixin_serializers import (
    EACH,
    HOOK,
    SERIALIZERS,
    of_the_mixin,
    serializer_of,
)


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


def _shown(on: Probe, serializer: Any, row: Any) -> tuple[Any, list[str]]:
    """What a serializer shows of a row, and where the backend copies that deeply."""
    # The first time, fields are made, and DRF copies declared fields deeply.
    serializer.to_representation(row)
    with _copies_seen(str(on.checkout.sources / "courses" / "serializers")) as seen:
        shown = serializer.to_representation(row)
    return shown, seen


@finding("SER-03", cases=EACH)
def no_representation_is_copied_deeply(on: Probe, name: str, subject: str) -> None:
    """No serializer of the backend makes a deep copy of what it shows."""
    serializer = serializer_of(on, on.name(f"{SERIALIZERS}.{name}"))

    shown, seen = _shown(on, serializer, on.row(subject))

    assert shown
    assert seen == [], f"{name} copies deeply at {', '.join(seen)}"


@finding("SER-03")
def no_teaser_is_copied_deeply(on: Probe) -> None:
    """A lesson that is closed to its reader is shown without a deep copy either."""
    context = {"request": request_of(on.row("registered"))}
    serializer = on.name(f"{SERIALIZERS}.LessonSerializer")(context=context)

    shown, seen = _shown(on, serializer, on.row("lesson-premium"))

    assert shown
    assert seen == [], f"it is copied deeply at {', '.join(seen)}"


@finding("SER-03")
def no_serializer_of_the_mixin_copies_deeply(on: Probe) -> None:
    """No serializer that builds on the mixin makes a deep copy of what it shows, whichever it is."""
    copying = {}
    for kind, row in of_the_mixin(on):
        _, seen = _shown(on, serializer_of(on, kind), row)
        if seen:
            copying[kind.__name__] = seen
    assert copying == {}, f"these copy deeply: {copying}"


LISTS = {"requirements": ["patience"], "skills": ["reading"], "learning_objectives": ["to read on"]}
TAGS = {"tags": ["first", "second"]}
# What no form lets in, and older rows may hold.
NESTED = {"tags": [["first"], {"second": ["third"]}]}


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
        "NoteSerializer-nested": {"name": "NoteSerializer", "label": "courses.Note", "values": NESTED},
        "CourseSerializer-empty": {
            "name": "CourseSerializer",
            "label": "courses.Course",
            "values": {name: [] for name in LISTS},
        },
    },
)
def changing_what_is_shown_changes_nothing_else(
    on: Probe, name: str, label: str, values: dict[str, Any]
) -> None:
    """Whatever is done to a representation, down to its lists, neither the object nor another one is changed."""
    kind, row = on.name(f"{SERIALIZERS}.{name}"), on.rows(label).first()
    assert row is not None, f"the world holds no {label}"
    for field, value in values.items():
        setattr(row, field, copy.deepcopy(value))
    context = {"request": request_of(on.row("owner"))}
    first, second = kind(row, context=context).data, kind(row, context=context).data
    shown = {field: first[field] for field in values if field in first}
    assert shown, f"{name} shows none of {', '.join(values)}"
    otherwise = {field: value for field, value in shown.items() if value != values[field]}
    if otherwise and values is NESTED:
        raise NotApplicable(f"what no form lets in is shown as something else: {otherwise}")
    assert otherwise == {}, f"shown otherwise than {values}"

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
    """A subclass may take away and put in whatever it likes, and what comes of it may be changed: the object stays as it is."""
    from rest_framework import serializers

    kind = on.name(f"{SERIALIZERS}.CourseSerializer")

    def spoiling(self: Any, data: Any, instance: Any) -> Any:
        processed = dict(getattr(super(spoiled, self), HOOK)(data, instance))
        processed.pop("title")
        return {**processed, "added": True}

    assert issubclass(kind, serializers.BaseSerializer)
    spoiled: Any = type("Spoiled", (kind,), {HOOK: spoiling})
    row = on.row("course-open")
    title = row.title
    for field, value in LISTS.items():
        setattr(row, field, copy.deepcopy(value))

    shown = serializer_of(on, spoiled).to_representation(row)
    for field in LISTS:
        _spoil(shown.get(field))

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
