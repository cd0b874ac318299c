"""The handlers themselves: each is connected, and none starts itself again."""

import threading
from types import SimpleNamespace
from typing import Any

from django.db.models.signals import post_save

from courses import signals
from courses.models import Review


def test_a_handler_does_not_start_itself_again_and_never_waits() -> None:
    with signals.prevent_signal_loop("key") as first, signals.prevent_signal_loop("key") as second:
        elsewhere: list[bool] = []

        def enter() -> None:
            with signals.prevent_signal_loop("key") as third:
                elsewhere.append(third)

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join(timeout=5)

    assert (first, second, elsewhere) == (True, False, [True])
    assert not signals._signal_processing_flags


def test_a_disconnected_handler_is_missed(caplog: Any) -> None:
    label = SimpleNamespace(label="courses")
    signals.validate_signal_connections(label)
    assert not caplog.records
    uid = "courses.signals.update_course_ratings"
    post_save.disconnect(sender=Review, dispatch_uid=uid)
    try:
        signals.validate_signal_connections(label)
    finally:
        post_save.connect(signals.update_course_ratings, sender=Review, dispatch_uid=uid)
    assert "update_course_ratings" in caplog.text
