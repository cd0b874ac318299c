"""Everybody searches, most of them for the same few words."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

# A word that every description of the world holds, and some that are in few or none.
_WORDS, _WEIGHTS = ("sentence", "long", "course", "quantum"), (6, 2, 2, 1)


def _journey(visit: Visit) -> None:
    word = visit.chance.choices(_WORDS, _WEIGHTS)[0]
    rows_at = ("results", "courses") if word == _WORDS[0] else None
    visit.ask("search.list", query=f"q={word}&type=courses&limit=20", wanted=Wanted(rows_at=rows_at))
    if visit.chance.random() < 0.5:
        visit.think()
        visit.see("courses.retrieve", visit.cast.course(visit.chance))


SEARCH = Scenario(
    "search", 3, {"guest": 2, "registered": 1, "premium": 1}, _journey, ("search.list", "courses.retrieve")
)
