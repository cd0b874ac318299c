"""`courses/signals.py`: a learner's open pages hear of their progress, through the channel layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

ROW, LEARNER = "progress-registered", "registered"
OF_ANOTHER, ANOTHER = "progress-lapsed", "lapsed"


# For a backend that asks Channels for its layer, and configures none where the gate can see it.
OF_THE_GATE = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def _check_somebody_is_told(on: Probe) -> None:
    """
    Raises:
        NotApplicable: the backend hands nothing to Channels; a notifier of its own has no name that we could know.
    """
    try:
        from channels.layers import get_channel_layer
    except ImportError:
        raise NotApplicable("the backend's environment has no channels, so there is nobody to tell") from None
    if get_channel_layer() is None and not on.once("asks for a layer", lambda: _asks_for_a_layer(on)):
        raise NotApplicable("the backend asks for no channel layer, so there is nobody to tell")


@contextmanager
def _told(on: Probe) -> Iterator[list[tuple[str, Any]]]:
    """What is handed to the channel layer inside, as (group, message).

    Raises:
        NotApplicable: the backend hands nothing to Channels.
    """
    _check_somebody_is_told(on)
    from channels.layers import get_channel_layer

    told: list[tuple[str, Any]] = []

    async def note(group: str, message: Any) -> None:
        told.append((group, message))

    with nullcontext() if get_channel_layer() else on.settings(CHANNEL_LAYERS=OF_THE_GATE):
        layer = get_channel_layer()
        layer.group_send = note
        try:
            yield told
        finally:
            del layer.group_send


def _asks_for_a_layer(on: Probe) -> bool:
    """Whether a module of the app names the function that Channels gives its layer by."""
    return any(
        isinstance(node, ast.alias) and node.name == "get_channel_layer"
        for file in on.files()
        for node in ast.walk(on.tree(file))
    )


def _people(on: Probe, group: str) -> list[str]:
    """The accounts of the world that a group is named by: by their keys, or by whatever a backend takes instead."""
    named = [name for name in on.world.accounts if str(on.key(name)) in group]
    return named or [name for name, groups in _groups(on).items() if group in groups]


def _groups(on: Probe) -> dict[str, set[str]]:
    """Where each of two learners is told of a change of their own."""
    found = {}
    for name, of in ((LEARNER, ROW), (ANOTHER, OF_ANOTHER)):
        row = on.row(of)
        row.time_spent += 7
        with _told(on) as told:
            row.save()
        found[name] = {group for group, _ in told}
    return found


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def a_change_is_told_once_when_it_is_committed(on: Probe) -> None:
    """A change of progress is told in one message, to its learner alone, and not before it is committed."""
    from django.db import transaction

    row = on.row(ROW)
    with _told(on) as told:
        with transaction.atomic():
            row.progress_percentage = 55
            row.save()
            assert told == [], "told before it was committed"

        assert len(told) == 1, f"{len(told)} messages for one change"
    assert _people(on, told[0][0]) == [LEARNER]


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def changes_of_two_learners_are_told_each(on: Probe) -> None:
    """Of two learners whose progress changes in one transaction, each is told, in one message."""
    from django.db import transaction

    with _told(on) as told, transaction.atomic():
        for name in (ROW, OF_ANOTHER):
            row = on.row(name)
            row.progress_percentage = 55
            row.save()

    assert sorted(_people(on, group) for group, _ in told) == [[ANOTHER], [LEARNER]]


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def a_change_that_is_taken_back_is_not_told(on: Probe) -> None:
    """A change that is rolled back is told nobody; the next one that stays is."""
    from django.db import transaction

    row = on.row(ROW)
    with _told(on) as told:
        with transaction.atomic():
            row.progress_percentage = 55
            row.save()
            transaction.set_rollback(True)
        assert told == [], "told although it was taken back"

        row.save()
        assert len(told) == 1


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def a_completion_that_is_taken_back_is_not_told(on: Probe) -> None:
    """That a lesson is done is told nobody before it is committed, nor where it is rolled back."""
    from django.db import transaction

    _not_begun(on)
    row = on.row(ROW)
    with _told(on) as told:
        with transaction.atomic():
            row.is_completed, row.progress_percentage = True, 100
            row.save()
            assert told == [], "told before it was committed"
            transaction.set_rollback(True)
        assert told == [], "told although it was taken back"

        row.save()
        assert told, "what stays is told nobody"


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def a_change_over_http_is_told(on: Probe) -> None:
    """A change that a learner sends is told in one message, to them alone."""
    with _told(on) as told:
        answer = on.send("progress.partial_update", ROW, by=LEARNER, body={"progress_percentage": 65})

    assert answer.status == 200
    assert [_people(on, group) for group, _ in told] == [[LEARNER]]


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def the_last_lesson_is_told_once(on: Probe) -> None:
    """Who finishes the last lesson of a course, and the course with it, is told so in one message."""
    enrolment = on.model("courses.Enrollment")(user=on.row("former"), course=on.row("course-peer"))
    enrolment.save()
    lesson = on.row("lesson-of-peer")
    row, _ = on.rows("courses.Progress").get_or_create(enrollment=enrolment, lesson=lesson)
    row.is_completed, row.progress_percentage = True, 100
    with _told(on) as told:
        row.save()

    enrolment.refresh_from_db()
    assert enrolment.status == "completed"
    assert len(told) == 1, f"{len(told)} messages for one change"


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def a_change_of_what_has_not_begun_is_told(on: Probe) -> None:
    """Of progress at 0 %, too, a change of anything else is told its learner alone, in one message."""
    _not_begun(on)
    row = on.row(ROW)
    with _told(on) as told:
        row.time_spent = 321
        row.save()

    assert [_people(on, group) for group, _ in told] == [[LEARNER]]


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def completion_is_told_to_nobody_else(on: Probe) -> None:
    """That a lesson is done is told its learner, and nobody who teaches the course."""
    _not_begun(on)
    with _told(on) as told:
        body = {"is_completed": True, "progress_percentage": 100}
        answer = on.send("progress.partial_update", ROW, by=LEARNER, body=body)

    assert answer.status == 200, f"it is answered {answer.summary}"
    assert {name for group, _ in told for name in _people(on, group)} == {LEARNER}


def _not_begun(on: Probe) -> None:
    rows = on.model("courses.Progress")._base_manager.filter(pk=on.key(ROW))
    rows.update(progress_percentage=0, is_completed=False)


class _LayerIsGone(Exception):
    """What a layer raises whose server does not answer; each has an error of its own, and few are OSErrors."""


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def progress_is_saved_though_the_layer_fails(on: Probe) -> None:
    """Where the channel layer takes no message, progress is saved all the same, and its learner answered as always."""
    from channels.layers import get_channel_layer

    asked: list[str] = []

    async def refuse(group: str, _message: Any) -> None:
        asked.append(group)
        raise _LayerIsGone

    row = on.row(ROW)
    with _told(on):
        get_channel_layer().group_send = refuse
        row.progress_percentage = 70
        row.save()
        answer = on.send("progress.partial_update", ROW, by=LEARNER, body={"time_spent": 400})

    assert answer.status == 200, f"it is answered {answer.summary}"
    row.refresh_from_db()
    assert (row.progress_percentage, row.time_spent) == (70, 400)
    assert asked, "nobody was told"


@finding("UX-05", commits=True, kind=Kind.EFFECT)
def progress_is_saved_without_a_channel_layer(on: Probe) -> None:
    """Without any channel layer progress is saved all the same."""
    _check_somebody_is_told(on)
    row = on.row(ROW)
    with on.settings(CHANNEL_LAYERS={}):
        row.progress_percentage = 70
        row.save()
        answer = on.send("progress.partial_update", ROW, by=LEARNER, body={"time_spent": 400})

    assert answer.status == 200
    row.refresh_from_db()
    assert (row.progress_percentage, row.time_spent) == (70, 400)
