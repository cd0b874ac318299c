"""Registered learners, and those whose subscription has lapsed, go on with their courses."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit


def _journey(visit: Visit) -> None:
    visit.ask("lessons.list", wanted=Wanted(rows_at=()))
    visit.think()
    visit.see("courses.retrieve", visit.cast.course(visit.chance))
    visit.think()
    visit.see("lessons.retrieve", visit.cast.lesson(visit.chance))
    visit.ask("user-progress-stats.retrieve")


REGISTERED_LEARNING = Scenario(
    "registered-learning",
    5,
    {"registered": 3, "lapsed": 1},
    _journey,
    ("lessons.list", "courses.retrieve", "lessons.retrieve", "user-progress-stats.retrieve"),
)
