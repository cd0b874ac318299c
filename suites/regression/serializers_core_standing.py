"""`courses/serializers/core.py`: what a lesson says of how far one has come is about whoever asks."""

from __future__ import annotations

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

# Who asks, for which lesson, and how far the world says they have come there.
STANDING = {
    "done": ("registered", "lesson-registered", True, 100),
    "begun": ("registered", "lesson-guest", False, 40),
    "not-enrolled": ("owner", "lesson-registered", False, 0),
    "without-an-account": ("guest", "lesson-guest", False, 0),
}


@finding(
    "COMPAT-01",
    "VIEW-15",
    needs="http",
    cases={
        name: dict(zip(("principal", "lesson", "done", "percentage"), case, strict=True))
        for name, case in STANDING.items()
    },
)
def a_lesson_says_how_far_one_has_come(
    on: Probe, principal: str, lesson: str, done: bool, percentage: int
) -> None:
    """A lesson says what its reader has done of it: nothing, where they have not begun, whatever others did."""
    shown = on.send("lessons.retrieve", lesson, by=principal).json

    assert shown["is_completed"] is done
    assert float(shown["progress_percentage"]) == percentage
