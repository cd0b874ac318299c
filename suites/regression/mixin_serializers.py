"""The serializers of the app that build on `ContextPropagationMixin`, and rows of the world that they show."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.targets.renamed_models import label_of

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


def serializer_of(on: Probe, kind: Any) -> Any:
    """A serializer as the owner of the world's courses is answered by it."""
    return kind(context={"request": request_of(on.row("owner"))})


def of_the_mixin(on: Probe) -> list[tuple[Any, Any]]:
    """Every serializer of the app that builds on the mixin and shows a row by itself, with a row of the world.

    Raises:
        NotApplicable: there is none.
    """
    found = list(_of_the_mixin(on))
    if not found:
        raise NotApplicable("no serializer of a model in the world builds on ContextPropagationMixin")
    return found


def _of_the_mixin(on: Probe) -> Iterator[tuple[Any, Any]]:
    for file in on.files("courses/serializers"):
        with suppress(Exception):  # that a module does not load is another finding
            importlib.import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    subjects: dict[str, str] = {}
    for name, item in on.contract.world.objects.items():
        if name in on.world.ids:
            subjects.setdefault(item.model, name)
    for kind in _below(on.name(MIXIN)):
        model = getattr(getattr(kind, "Meta", None), "model", None)
        subject = subjects.get(label_of(model)) if model else None
        if subject and kind.__module__.startswith("courses."):
            row = on.row(subject)
            if _shows(on, kind, row):
                yield kind, row


def _shows(on: Probe, kind: Any, row: Any) -> bool:
    """Whether a serializer shows a row by itself; one that only writes, or wants more than the row, need not."""
    try:
        return bool(serializer_of(on, kind).to_representation(row))
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
