"""Learners press the button twice: they are enrolled once."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import rows_of
from coursegate.harness.observation import Answer
from coursegate.load.oracle import Reply, Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

TWICE = "enrolled-twice"
# The second press is refused, as one who is enrolled is (policy 8, VIEW-16).
_PRESSED = Wanted(frozenset({201, 400, 409, 422}))
_ENDED = {"unenrolled", "dropped", "expired"}


def _journey(visit: Visit) -> None:
    with visit.cast.enrolments.one() as pair:
        if pair is None:
            visit.turn_back("every learner was busy enrolling")
            return
        visit.person, course = pair
        key = visit.cast.world.ids[course]
        body = {"course_id": key}
        pressed = visit.sender.together(
            *[lambda: visit.ask("enrollments.create", body=body, wanted=_PRESSED)] * 2
        )
        if any(reply.status == 0 or reply.status >= 500 for reply in pressed):
            return
        listed = visit.ask("enrollments.list", wanted=Wanted(rows_at=()))
        mine = [row for row in _rows(listed) if _course(row) == key and row.get("status") not in _ENDED]
        if listed.status == 200 and len(mine) != 1:
            answers = " and ".join(str(reply.status) for reply in pressed)
            visit.broken(
                TWICE,
                f"two POST /api/enrollments/ of {visit.person.name} for {course} were answered {answers}, "
                f"then {len(mine)} enrolments stand in the list",
            )
        for row in mine:
            visit.ask("enrollments.unenroll", row["id"], body={})


def _rows(reply: Reply) -> list[dict[str, Any]]:
    found = rows_of(Answer(reply.status, {}, reply.body)) or []
    return [row for row in found if isinstance(row, dict)]


def _course(row: dict[str, Any]) -> Any:
    course = row.get("course")
    return course.get("id") if isinstance(course, dict) else course


ENROLLING = Scenario(
    "enrolling",
    2,
    {"registered": 1},
    _journey,
    ("enrollments.create", "enrollments.list", "enrollments.unenroll"),
    writes=True,
)
