"""Each outcome accepts the right answer and refuses the wrong ones next to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.canaries import Canary, mint
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Answer, Exchange, Request, ServerError
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World

SLUGS = {"course-open": "open-course", "course-draft": "draft-course"}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def world(contract: Contract) -> World:
    """A world as if it had been built: ids, slugs and canaries, but no backend."""
    world = World(contract.world, "seed")
    for number, item in enumerate(contract.world.objects.values()):
        world.ids[item.name] = 1000 + number
        world.lookups[item.name] = {"pk": str(1000 + number), "slug": SLUGS.get(item.name, item.name)}
        world.planted[item.name] = {field: mint("seed", item.name, field) for field in item.clearance}
        for field, token in world.planted[item.name].items():
            world.aviary.add(Canary(token, item.name, item.model, field, item.clearance[field]))
    return world


def _answer(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    raw = body.encode() if isinstance(body, str) else b"" if body is None else json.dumps(body).encode()
    return Answer(status, headers or {"Content-Type": "application/json"}, raw)


def _kinds(contract: Contract, world: World, cell_id: str, *answers: Answer, **more: Any) -> list[Kind]:
    cell: Cell = contract.access.cells[cell_id]
    pages = [Exchange(Request("GET", "/", cell.principal), answer) for answer in answers]
    subject = cell.subject if cell.subject in world.ids else ""
    evidence = Evidence(
        cell,
        contract.api.operations[cell.operation],
        world,
        subject,
        pages,
        declassified=contract.declassified,
        **more,
    )
    return [problem.kind for problem in problems_of(evidence)]


def _whole(world: World, name: str, **changed: Any) -> dict[str, Any]:
    body: dict[str, Any] = {field: f"{token} text" for field, token in world.planted[name].items()}
    return {"id": world.ids[name], **body, **changed}


def test_full_wants_every_promised_field(contract: Contract, world: World) -> None:
    """A whole lesson passes; one without its video, of another id, or not JSON does not."""
    cell = "lessons.retrieve/lesson-premium/premium"

    assert _kinds(contract, world, cell, _answer(200, _whole(world, "lesson-premium"))) == []
    assert _kinds(contract, world, cell, _answer(200, _whole(world, "lesson-premium", video_url=None))) == [
        Kind.FORM
    ]
    assert _kinds(contract, world, cell, _answer(200, _whole(world, "lesson-premium", id=7))) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(200, {})) != []
    assert _kinds(contract, world, cell, _answer(200, "<html>")) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(404, {"detail": "Not found."})) == [Kind.FORM]


def test_full_counts_what_the_caller_may_see(contract: Contract, world: World) -> None:
    """A count above what opens for the caller is a leak, one below it a wrong answer."""
    cell, course = "courses.retrieve/course-open/guest", "course-open"
    lessons = world.counted("courses.Lesson", course, "guest")
    exact = _whole(world, course, lesson_count=lessons, module_count=1)

    assert _kinds(contract, world, cell, _answer(200, exact)) == []
    assert _kinds(contract, world, cell, _answer(200, exact | {"lesson_count": lessons + 1})) == [Kind.LEAK]
    assert _kinds(contract, world, cell, _answer(200, exact | {"lesson_count": lessons - 1})) == [Kind.FORM]


def test_locked_is_a_teaser_or_a_refusal(contract: Contract, world: World) -> None:
    """A locked lesson may be a teaser or refused, but never show a protected field, nor ask a learner to log in."""
    teaser = {"id": 1, "title": world.planted["lesson-premium"]["title"], "content": "Upgrade to see this"}
    cell = "lessons.retrieve/lesson-premium/registered"

    for status in (402, 403, 404):
        assert _kinds(contract, world, cell, _answer(status, {"detail": "no"})) == []
    assert _kinds(contract, world, cell, _answer(200, teaser)) == []
    assert _kinds(contract, world, cell, _answer(401, {"detail": "no"})) == [Kind.FORM]
    assert (
        _kinds(contract, world, "lessons.retrieve/lesson-premium/guest", _answer(401, {"detail": "no"})) == []
    )
    leaking = teaser | {"transcript": world.planted["lesson-premium"]["transcript"]}
    assert _kinds(contract, world, cell, _answer(200, leaking)) == [Kind.LEAK]
    assert _kinds(contract, world, cell, _answer(302, None, {"Location": "/login/"})) == [Kind.FORM]


def _page(world: World, names: list[str], count: int | None = None) -> Answer:
    rows = [{"id": world.ids[name], "title": world.planted[name]["title"]} for name in names]
    return _answer(
        200, {"count": len(rows) if count is None else count, "next": None, "previous": None, "results": rows}
    )


def test_filtered_is_exact(contract: Contract, world: World) -> None:
    """A list holds every row that opens for the caller, each once, no other, and counts just those."""
    cell = "courses.list/courses/registered"
    due = list(world.rows_for("courses.Course", "registered").values())

    assert _kinds(contract, world, cell, _page(world, due)) == []
    assert _kinds(contract, world, cell, _page(world, due[:2], len(due)), _page(world, due[2:])) == []
    assert _kinds(contract, world, cell, _page(world, [*due, "course-draft"])) == [Kind.LEAK, Kind.LEAK]
    assert _kinds(contract, world, cell, _page(world, due[1:])) == [Kind.FORM]
    assert _kinds(contract, world, cell, _page(world, [*due, due[0]])) == [Kind.FORM]
    assert _kinds(contract, world, cell, _page(world, due, len(due) + 1)) == [Kind.LEAK]
    assert _kinds(contract, world, cell, _page(world, [])) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(200, {})) == [Kind.FORM]


def test_rows_from_before_the_world_are_not_ours(contract: Contract, world: World) -> None:
    """A row that the target's own start made is neither missing nor surplus."""
    due = list(world.rows_for("courses.Course", "registered").values())
    page = _page(world, due)
    page.json["results"].append({"id": 3})
    page.json["count"] += 1
    world.existing["courses.Course"] = {3}

    assert _kinds(contract, world, "courses.list/courses/registered", page) == []
    world.existing.clear()


def test_hidden_is_like_missing(contract: Contract, world: World) -> None:
    """A hidden course answers exactly like one that never existed, but for the id that was asked for."""
    cell, requested = "courses.retrieve/course-draft/guest", ("draft-course", "never-was")
    missing = _answer(404, {"detail": "No course never-was."})

    def kinds(answer: Answer) -> list[Kind]:
        return _kinds(contract, world, cell, answer, control=missing, requested=requested)

    assert kinds(_answer(404, {"detail": "No course draft-course."})) == []
    assert kinds(_answer(404, {"detail": "Not published."})) == [Kind.LEAK]
    assert kinds(_answer(403, {"detail": "no"})) == [Kind.FORM]
    assert kinds(_answer(200, {})) == [Kind.FORM]


def test_unknown_is_like_an_id_that_never_existed(contract: Contract, world: World) -> None:
    """A hidden id in a body answers like one that never existed, makes no row, and says nothing more."""
    cell, requested = "enrollments.create/course-draft/registered", ("1007", "999999999")
    missing = _answer(400, {"course_id": ['Invalid pk "999999999".']})
    like_missing = _answer(400, {"course_id": ['Invalid pk "1007".']})

    def kinds(answer: Answer, **more: Any) -> list[Kind]:
        return _kinds(contract, world, cell, answer, control=missing, requested=requested, **more)

    assert kinds(like_missing) == []
    assert kinds(_answer(400, {"course_id": ["Not published."]})) == [Kind.LEAK]
    assert kinds(_answer(201, {"id": 1})) == [Kind.FORM]
    assert kinds(like_missing, added=({"id": 1},)) == [Kind.EFFECT]


def test_ignored_stores_nothing(contract: Contract, world: World) -> None:
    """A change that must be ignored may succeed, but leaves every column but its own time stamp as it was."""
    cell = "enrollments.partial_update/enrollment-registered/registered"
    before = {"status": "active", "updated_date": 1}

    def kinds(**after: Any) -> list[Kind]:
        return _kinds(contract, world, cell, _answer(200, {}), before=before, after=before | after)

    assert kinds(updated_date=2) == []
    assert kinds(status="completed") == [Kind.EFFECT]


def test_created_is_in_the_promised_state(contract: Contract, world: World) -> None:
    """A new course is one row, holds what was sent, and is a draft whatever the body said."""
    cell = "courses.create/nothing/owner"
    draft = {"title": "zq-new", "is_published": False}

    def kinds(*added: dict[str, Any]) -> list[Kind]:
        return _kinds(contract, world, cell, _answer(201, {}), added=added, write_token="zq-new")

    assert kinds(draft) == []
    assert kinds(draft | {"is_published": True}) == [Kind.EFFECT]
    assert kinds(draft | {"title": "another"}) == [Kind.EFFECT]
    assert kinds(draft, draft) == [Kind.EFFECT]
    assert kinds() == [Kind.EFFECT]


def test_area_lists_hold_what_the_caller_teaches(contract: Contract, world: World) -> None:
    """An instructor's list of drafts holds their own hidden courses: no published one, no draft of others."""
    cell = "draft-courses.list/draft-courses/peer"

    assert _kinds(contract, world, cell, _page(world, ["course-peer-draft"])) == []
    assert _kinds(contract, world, cell, _page(world, ["course-peer-draft", "course-peer"])) == [Kind.LEAK]
    assert Kind.LEAK in _kinds(contract, world, cell, _page(world, ["course-peer-draft", "course-draft"]))
    assert _kinds(contract, world, cell, _page(world, [])) == [Kind.FORM]


def test_declassified_field_is_shown_there_and_only_to_whom(contract: Contract, world: World) -> None:
    """Who is enrolled keeps the title of a course that was withdrawn; its description stays closed."""
    cell = "enrollments.retrieve/enrollment-in-withdrawn/registered"
    row = {"id": world.ids["enrollment-in-withdrawn"], "status": "active"}
    title, description = (world.planted["course-withdrawn"][name] for name in ("title", "description"))

    assert _kinds(contract, world, cell, _answer(200, row | {"course": {"title": title}})) == []
    assert _kinds(contract, world, cell, _answer(200, row | {"course": {"description": description}})) == [
        Kind.LEAK
    ]
    others = "courses.retrieve/course-withdrawn/registered"
    assert Kind.LEAK in _kinds(contract, world, others, _answer(200, {"title": title}))


def test_denied_is_403_for_want_of_permission(contract: Contract, world: World) -> None:
    """A denied write is 403 with a reason, not a 400, a CSRF refusal or an empty body, and changes nothing."""
    cell = "courses.partial_update/course-open/peer"

    assert _kinds(contract, world, cell, _answer(403, {"detail": "no"})) == []
    assert _kinds(contract, world, cell, _answer(400, {"subtitle": ["no"]})) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(403, {"detail": "CSRF Failed"})) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(403)) == [Kind.FORM]
    changed = {"before": {"subtitle": "a"}, "after": {"subtitle": "b"}, "write_token": "zq"}
    assert _kinds(contract, world, cell, _answer(403, {"detail": "no"}), **changed) == [Kind.EFFECT]


def test_login_is_401_or_403_without_a_challenge(contract: Contract, world: World) -> None:
    """Without credentials a write is 401; 403 passes only where the backend has no challenge to offer."""
    cell = "courses.partial_update/course-open/guest"

    assert _kinds(contract, world, cell, _answer(401, {"detail": "no"})) == []
    assert _kinds(contract, world, cell, _answer(403, {"detail": "no"})) == []
    assert _kinds(contract, world, cell, _answer(403, {"detail": "no"}, {"WWW-Authenticate": "Bearer"})) == [
        Kind.FORM
    ]
    assert _kinds(contract, world, cell, _answer(302, None, {"Location": "/login/"})) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(404, {"detail": "no"})) == [Kind.FORM]


def test_done_means_stored(contract: Contract, world: World) -> None:
    """A change that is done is in the row, and nothing else changed with it."""
    cell = "courses.partial_update/course-open/owner"
    before = {"subtitle": "old", "avg_rating": 1, "updated_date": 1}
    answer = {"id": 1, "title": "title", "slug": "slug"}
    done = {"before": before, "write_token": "zq-new"}

    def kinds(**after: Any) -> list[Kind]:
        return _kinds(contract, world, cell, _answer(200, answer), after=before | after, **done)

    assert kinds(subtitle="now zq-new", updated_date=2) == []
    assert kinds() == [Kind.EFFECT]
    assert kinds(subtitle="now zq-new", avg_rating=5) == [Kind.EFFECT]


def test_invalid_names_the_errors(contract: Contract, world: World) -> None:
    """A malformed change is 400 or 422 with errors, and nothing is stored."""
    cell = "courses.partial_update/course-open-with-invalid/owner"

    assert _kinds(contract, world, cell, _answer(400, {"title": ["too short"]})) == []
    assert _kinds(contract, world, cell, _answer(400, {})) == [Kind.FORM]
    assert _kinds(contract, world, cell, _answer(200, {"id": 1})) == [Kind.FORM]


def test_crash_and_hang_are_told_as_such(contract: Contract, world: World) -> None:
    """A crash is told with its place, a hang with the line it stands in, whatever was promised."""
    cell = "lessons.retrieve/lesson-premium/guest"
    crash = Answer(500, {}, b"", error=ServerError("KeyError", "'tier'", "courses/views/public.py:12"))

    assert _kinds(contract, world, cell, crash) == [Kind.ERROR]
    assert _kinds(contract, world, cell, Answer(0, {}, b"", hang="courses/signals.py:3")) == [Kind.HANG]
    assert _kinds(contract, world, cell, _answer(503, {"detail": "no"})) == [Kind.ERROR]


def test_closed_key_is_a_leak_even_as_a_boolean(contract: Contract, world: World) -> None:
    """`is_correct: false` tells a learner as much as `true`; null and absent tell nothing."""
    cell = "lessons.retrieve/lesson-registered/premium"
    whole = _whole(world, "lesson-registered")
    nested = {"assessment": {"questions": [{"answers": [{"is_correct": False}]}]}}

    assert _kinds(contract, world, cell, _answer(200, whole | nested)) == [Kind.LEAK]
    assert _kinds(contract, world, cell, _answer(200, whole | {"assessment": {"is_correct": None}})) == []


def test_error_by_field_is_no_leak_of_the_field(contract: Contract, world: World) -> None:
    """A refused password is named in the errors: that says nothing about a stored one, a canary there still does."""
    cell = "register.create/nothing-with-weak-password/guest"
    email = world.planted["premium"]["email"]

    assert _kinds(contract, world, cell, _answer(400, {"password": ["Too short."]})) == []
    assert _kinds(contract, world, cell, _answer(400, {"password": [f"Like {email}."]})) == [Kind.LEAK]
