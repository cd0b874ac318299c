"""What may be shown: each outcome accepts the right answer and refuses the wrong ones next to it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from coursegate.contracts.contract import Contract
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import answer, kinds_of, page_of, whole


def test_full_wants_every_promised_field(contract: Contract, world: World) -> None:
    """A whole lesson passes; one without its video, of another id, or not JSON does not."""
    cell = "lessons.retrieve/lesson-premium/premium"

    assert kinds_of(contract, world, cell, answer(200, whole(world, "lesson-premium"))) == []
    assert kinds_of(contract, world, cell, answer(200, whole(world, "lesson-premium", video_url=None))) == [
        Kind.FORM
    ]
    assert kinds_of(contract, world, cell, answer(200, whole(world, "lesson-premium", id=7))) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(200, {})) != []
    assert kinds_of(contract, world, cell, answer(200, "<html>")) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(404, {"detail": "Not found."})) == [Kind.FORM]


def test_a_row_may_be_read_without_what_is_its_owners(contract: Contract, world: World) -> None:
    """A learner is shown the notes beside a lesson; an instructor may be, and nobody else."""
    notes, lesson = "progress.retrieve/progress-registered", world.ids["lesson-guest"]
    row = whole(world, "progress-registered", lesson=lesson, is_completed=False)

    for principal, wrong in (("registered", [Kind.FORM]), ("owner", []), ("staff", [])):
        assert kinds_of(contract, world, f"{notes}/{principal}", answer(200, row)) == []
        assert kinds_of(contract, world, f"{notes}/{principal}", answer(200, row | {"notes": ""})) == wrong
    assert Kind.LEAK in kinds_of(contract, world, f"{notes}/peer", answer(200, row))


def test_full_counts_what_the_caller_may_see(contract: Contract, world: World) -> None:
    """A count above what opens for the caller is a leak, one below it a wrong answer."""
    cell, course = "courses.retrieve/course-open/guest", "course-open"
    lessons = world.counted("courses.Lesson", course, "guest")
    exact = whole(world, course, lesson_count=lessons, module_count=1)

    assert kinds_of(contract, world, cell, answer(200, exact)) == []
    assert kinds_of(contract, world, cell, answer(200, exact | {"lesson_count": lessons + 1})) == [Kind.LEAK]
    assert kinds_of(contract, world, cell, answer(200, exact | {"lesson_count": lessons - 1})) == [Kind.FORM]


def test_locked_is_a_teaser_or_a_refusal(contract: Contract, world: World) -> None:
    """A locked lesson may be a teaser or refused, but never show a protected field, nor ask a learner to log in."""
    teaser = {"id": 1, "title": world.planted["lesson-premium"]["title"], "content": "Upgrade to see this"}
    cell = "lessons.retrieve/lesson-premium/registered"

    for status in (402, 403, 404):
        assert kinds_of(contract, world, cell, answer(status, {"detail": "no"})) == []
    assert kinds_of(contract, world, cell, answer(200, teaser)) == []
    assert kinds_of(contract, world, cell, answer(401, {"detail": "no"})) == [Kind.FORM]
    assert (
        kinds_of(contract, world, "lessons.retrieve/lesson-premium/guest", answer(401, {"detail": "no"}))
        == []
    )
    leaking = teaser | {"transcript": world.planted["lesson-premium"]["transcript"]}
    assert kinds_of(contract, world, cell, answer(200, leaking)) == [Kind.LEAK]
    assert kinds_of(contract, world, cell, answer(302, None, {"Location": "/login/"})) == [Kind.FORM]


def test_filtered_is_exact(contract: Contract, world: World) -> None:
    """A list holds every row that opens for the caller, each once, no other, and counts just those."""
    cell = "courses.list/courses/registered"
    due = list(world.rows_for("courses.Course", "registered").values())

    assert kinds_of(contract, world, cell, page_of(world, due)) == []
    assert kinds_of(contract, world, cell, page_of(world, due[:2], len(due)), page_of(world, due[2:])) == []
    assert kinds_of(contract, world, cell, page_of(world, [*due, "course-draft"])) == [Kind.LEAK, Kind.LEAK]
    assert kinds_of(contract, world, cell, page_of(world, due[1:])) == [Kind.FORM]
    assert kinds_of(contract, world, cell, page_of(world, [*due, due[0]])) == [Kind.FORM]
    assert kinds_of(contract, world, cell, page_of(world, due, len(due) + 1)) == [Kind.LEAK]
    assert kinds_of(contract, world, cell, page_of(world, [])) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(200, {})) == [Kind.FORM]


def test_keys_that_are_no_numbers_are_known_again(contract: Contract, world: World) -> None:
    """A row whose key is a UUID is the one that an answer shows as a text."""
    cell = "courses.list/courses/registered"
    keys = {name: UUID(int=number) for name, number in world.ids.items()}
    stored = replace(world, ids=dict(keys))
    shown = replace(world, ids={name: str(key) for name, key in keys.items()})
    due = list(stored.rows_for("courses.Course", "registered").values())

    assert kinds_of(contract, stored, cell, page_of(shown, due)) == []
    assert kinds_of(contract, stored, cell, page_of(shown, [*due, "course-draft"])) == [Kind.LEAK, Kind.LEAK]


def test_rows_from_before_the_world_are_not_ours(contract: Contract, world: World) -> None:
    """A row that the target's own start made is neither missing nor surplus."""
    due = list(world.rows_for("courses.Course", "registered").values())
    page = page_of(world, due)
    page.json["results"].append({"id": 3})
    page.json["count"] += 1
    world.existing["courses.Course"] = {3}

    assert kinds_of(contract, world, "courses.list/courses/registered", page) == []
    world.existing.clear()


def test_area_lists_hold_what_the_caller_teaches(contract: Contract, world: World) -> None:
    """An instructor's list of drafts holds their own hidden courses, may hold their published ones, and nothing of others."""
    cell = "draft-courses.list/draft-courses/peer"

    assert kinds_of(contract, world, cell, page_of(world, ["course-peer-draft"])) == []
    assert kinds_of(contract, world, cell, page_of(world, ["course-peer-draft", "course-peer"])) == []
    assert Kind.LEAK in kinds_of(contract, world, cell, page_of(world, ["course-peer-draft", "course-open"]))
    assert Kind.LEAK in kinds_of(contract, world, cell, page_of(world, ["course-peer-draft", "course-draft"]))
    assert kinds_of(contract, world, cell, page_of(world, [])) == [Kind.FORM]


def test_declassified_field_is_shown_there_and_only_to_whom(contract: Contract, world: World) -> None:
    """Who is enrolled keeps the title of a course that was withdrawn; its description stays closed."""
    cell = "enrollments.retrieve/enrollment-in-withdrawn/registered"
    row = {"id": world.ids["enrollment-in-withdrawn"], "status": "active"}
    title, description = (world.planted["course-withdrawn"][name] for name in ("title", "description"))

    assert kinds_of(contract, world, cell, answer(200, row | {"course": {"title": title}})) == []
    assert kinds_of(contract, world, cell, answer(200, row | {"course": {"description": description}})) == [
        Kind.LEAK
    ]
    others = "courses.retrieve/course-withdrawn/registered"
    assert Kind.LEAK in kinds_of(contract, world, others, answer(200, {"title": title}))
