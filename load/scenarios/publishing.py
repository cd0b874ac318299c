"""An instructor begins a course, publishes it, withdraws it, deletes it: everybody sees each step at once."""

from __future__ import annotations

from typing import Any

from coursegate.load.oracle import Reply, Wanted
from coursegate.load.people import Person
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

STALE = "stale-publication"
_CREATED = Wanted(frozenset({201}))
_EITHER = Wanted(frozenset({200, 404}))
_GUEST = Person("guest", "guest")


def _journey(visit: Visit) -> None:
    cast = visit.cast
    course = _created(visit.ask("courses.create", body=cast.body("courses.create"), wanted=_CREATED))
    if not course.get("slug"):
        return
    slug = course["slug"]
    if _outlined(visit, course):
        visit.think()
        if visit.ask("courses.publish", slug, body={}).status == 200:
            _look(visit, slug, 200)
            if visit.ask("courses.unpublish", slug, body={}).status == 200:
                _look(visit, slug, 404)
    visit.ask("courses.destroy", slug, wanted=Wanted(frozenset({200, 204}), empty=True))


def _outlined(visit: Visit, course: dict[str, Any]) -> bool:
    """Whether the course has a module with a lesson now; one without cannot be published."""
    body = visit.cast.body("draft-modules.create", course_id=course.get("id"), is_published=True)
    module = _created(visit.ask("draft-modules.create", body=body, wanted=_CREATED))
    if not module.get("id"):
        return False
    body = visit.cast.body("draft-lessons.create", module_id=module["id"])
    return bool(_created(visit.ask("draft-lessons.create", body=body, wanted=_CREATED)))


def _look(visit: Visit, slug: str, status: int) -> None:
    """A guest asks for the course right after its change (policy 3)."""
    seen = visit.as_(_GUEST).ask("courses.retrieve", slug, wanted=_EITHER)
    if seen.status in _EITHER.statuses and seen.status != status:
        done = "published" if status == 200 else "unpublished"
        visit.broken(
            STALE,
            f"{slug} was {done} with 200, then a guest's GET was answered {seen.status} instead of {status}",
        )


def _created(reply: Reply) -> dict[str, Any]:
    return reply.json if reply.status == 201 and isinstance(reply.json, dict) else {}


INSTRUCTOR_PUBLISHING = Scenario(
    "instructor-publishing",
    1,
    {"owner": 1},
    _journey,
    (
        *("courses.create", "draft-modules.create", "draft-lessons.create", "courses.publish"),
        *("courses.retrieve", "courses.unpublish", "courses.destroy"),
    ),
    writes=True,
)
