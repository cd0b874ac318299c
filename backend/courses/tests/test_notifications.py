"""A learner's pages hear of a committed change of progress: once, and nobody else's do (UX-05)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from courses import notifications
from courses.models import Enrollment, Progress

from .world import build_world

pytestmark = pytest.mark.django_db(transaction=True)
Sent = list[tuple[int, dict[str, Any]]]
sent: Sent = []


def remember(user_id: int, message: dict[str, Any]) -> None:
    sent.append((user_id, message))


def fail(user_id: int, message: dict[str, Any]) -> None:
    raise ConnectionError("no layer")


def save_and_take_back(progress: Progress) -> None:
    with transaction.atomic():
        progress.save()
        transaction.set_rollback(True)


@pytest.fixture
def progress(transactional_db: None, make_user: Callable[..., Any], settings: Any) -> Progress:
    """A learner's progress row, with everything that was sent about making it forgotten."""
    world = build_world(make_user)
    enrollment = Enrollment.objects.create(user=world.people["premium"], course=world.course)
    lesson = world.lessons["guest"]
    row, _ = Progress.objects.get_or_create(enrollment=enrollment, lesson=lesson)
    settings.PROGRESS_NOTIFIER = f"{__name__}.remember"
    sent.clear()
    return row


def test_a_change_is_told_once_after_the_commit(progress: Progress) -> None:
    """However often the row is saved in a transaction, one message follows the commit."""
    with transaction.atomic():
        for percentage in (20, 40):
            progress.progress_percentage = percentage
            progress.save()
        assert sent == []

    ((user_id, message),) = sent
    assert user_id == progress.enrollment.user_id
    assert message["progress"] == progress.pk
    assert message["lesson"] == progress.lesson_id
    assert message["progress_percentage"] == 40


def test_a_change_outside_a_transaction_is_told_at_once(progress: Progress) -> None:
    """Each save on its own is one message."""
    progress.is_completed = True
    progress.save()
    progress.save()

    assert [message["is_completed"] for _, message in sent] == [True, True]


def test_what_is_taken_back_is_not_told(progress: Progress) -> None:
    """A rollback sends nothing; after that of a savepoint, only what was saved outside it counts."""
    save_and_take_back(progress)
    assert sent == []

    with transaction.atomic():
        save_and_take_back(progress)
        progress.progress_percentage = 30
        progress.save()

    assert [message["progress_percentage"] for _, message in sent] == [30]


def test_a_row_deleted_meanwhile_is_not_told(progress: Progress) -> None:
    """A row that is gone by the commit sends nothing."""
    with transaction.atomic():
        progress.save()
        Progress.objects.filter(pk=progress.pk).delete()

    assert sent == []


@pytest.mark.parametrize("broken", ["fail", "layerless"])
def test_saving_works_without_anybody_to_tell(broken: str, progress: Progress, settings: Any) -> None:
    """A notifier that fails, or no channel layer at all, leaves the saved row saved."""
    if broken == "fail":
        settings.PROGRESS_NOTIFIER = f"{__name__}.fail"
    else:
        settings.PROGRESS_NOTIFIER = "courses.notifications.send_to_channel_layer"
        settings.CHANNEL_LAYERS = {}
    progress.progress_percentage = 50

    progress.save()

    progress.refresh_from_db()
    assert progress.progress_percentage == 50


def test_groups_belong_to_one_user() -> None:
    """No two users share a group."""
    assert notifications.progress_group(1) != notifications.progress_group(11)
