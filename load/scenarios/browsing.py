"""Guests look around: the shop window, a popular course, a lesson that may be locked."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

_LIST = Wanted(rows_at=())


def _journey(visit: Visit) -> None:
    visit.ask("courses.list", wanted=_LIST)
    visit.think()
    visit.see("courses.retrieve", visit.cast.course(visit.chance))
    visit.think()
    visit.see("lessons.retrieve", visit.cast.lesson(visit.chance))
    if visit.chance.random() < 0.3:
        visit.ask("featured.list", wanted=Wanted(rows_at=("courses",)))


GUEST_BROWSING = Scenario(
    "guest-browsing",
    7,
    {"guest": 1},
    _journey,
    ("courses.list", "courses.retrieve", "lessons.retrieve", "featured.list"),
)
