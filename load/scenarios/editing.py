"""Instructors change lessons of a draft in bulk, and read what they wrote."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.scenarios.watching import LOST
from coursegate.load.visit import Visit


def _journey(visit: Visit) -> None:
    with visit.cast.editable.one() as lesson:
        if lesson is None:
            visit.turn_back("every draft lesson was being edited")
            return
        key = visit.cast.world.ids[lesson]
        minutes = 1 + next(visit.cast.written) % 500
        body = {"items": [{"id": key, "duration_minutes": minutes}]}
        saved = visit.ask("draft-content.bulk_update", body=body)
        visit.think()
        read = visit.ask("draft-content.retrieve", key, wanted=Wanted(naming=("id", str(key))))
        held = read.json.get("duration_minutes") if isinstance(read.json, dict) else None
        if saved.status == 200 and read.status == 200 and held != minutes:
            visit.broken(
                LOST,
                f"a bulk update of lesson {key} saved duration_minutes {minutes} with 200, the next GET says {held}",
            )
        order = {"items": [{"id": key, "order": 1 + minutes % 40}]}
        visit.ask("draft-content.reorder", body=order)


INSTRUCTOR_EDITING = Scenario(
    "instructor-editing",
    1,
    {"owner": 1},
    _journey,
    ("draft-content.bulk_update", "draft-content.retrieve", "draft-content.reorder"),
    writes=True,
)
