"""Premium learners watch, and their progress is saved as they go: what they wrote is what they read."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.people import Person
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

LOST = "lost-update"
_SAVED = Wanted(frozenset({200, 201}))


def _journey(visit: Visit) -> None:
    with visit.cast.studies.one() as study:
        if study is None:
            visit.skip("every progress row was being written by an earlier journey: it only watched")
            visit.see("lessons.retrieve", visit.cast.lesson_for("premium", visit.chance))
        else:
            visit.person, lesson = study
            _watch(visit, visit.person, lesson)


def _watch(visit: Visit, learner: Person, lesson: str) -> None:
    visit.see("lessons.retrieve", lesson)
    spent = next(visit.cast.written) % 3000
    body = {"lesson_id": visit.cast.world.ids[lesson], "time_spent": spent, "progress_percentage": 10}
    begun = visit.ask("progress.create", body=body, wanted=_SAVED)
    key = begun.json.get("id") if begun.status in (200, 201) and isinstance(begun.json, dict) else None
    if key is None:
        return
    for _ in range(2):
        visit.think()
        spent += 1 + visit.chance.randrange(100)
        saved = visit.ask("progress.partial_update", key, body={"time_spent": spent})
        if saved.status != 200:
            return
        read = visit.ask("progress.retrieve", key, wanted=Wanted(naming=("id", str(key))))
        held = read.json.get("time_spent") if isinstance(read.json, dict) else None
        if read.status == 200 and held != spent:
            visit.broken(
                LOST,
                f"PATCH /api/progress/{key}/ of {learner.name} saved time_spent {spent} with 200, "
                f"the next GET says {held}",
            )


PREMIUM_WATCHING = Scenario(
    "premium-watching",
    4,
    {"premium": 1},
    _journey,
    ("lessons.retrieve", "progress.create", "progress.partial_update", "progress.retrieve"),
    writes=True,
)
