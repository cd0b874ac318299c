"""How a refusal must look: each outcome accepts the right answer and refuses the wrong ones next to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.judging.likeness import difference
from coursegate.harness.observation import Answer, ServerError
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import answer, kinds_of


def test_hidden_is_like_missing(contract: Contract, world: World) -> None:
    """A hidden course answers exactly like one that never existed, but for the id that was asked for."""
    cell, requested = "courses.retrieve/course-draft/guest", (("draft-course",), ("never-was",))
    missing = answer(404, {"detail": "No course never-was."})

    def kinds(answer: Answer) -> list[Kind]:
        return kinds_of(contract, world, cell, answer, control=missing, requested=requested)

    assert kinds(answer(404, {"detail": "No course draft-course."})) == []
    assert kinds(answer(404, {"detail": "Not published."})) == [Kind.LEAK]
    assert kinds(answer(403, {"detail": "no"})) == [Kind.FORM]
    assert kinds(answer(200, {})) == [Kind.FORM]


def test_who_may_know_that_it_exists_may_be_told_more(contract: Contract, world: World) -> None:
    """The 404 of a course that its caller teaches may say what is missing of it; that of a stranger may not."""
    told, missing = answer(404, {"error": "You are not enrolled."}), answer(404, {"detail": "Not found."})

    def kinds(cell: str) -> list[Kind]:
        return kinds_of(contract, world, cell, told, control=missing)

    assert kinds("course-progress.retrieve/course-draft/owner") == []
    assert kinds("course-progress.retrieve/course-draft/registered") == [Kind.LEAK]


def test_unknown_is_like_an_id_that_never_existed(contract: Contract, world: World) -> None:
    """A hidden id in a body answers like one that never existed, makes no row, and says nothing more."""
    cell, requested = "enrollments.create/course-draft/registered", (("1007",), ("999999999",))
    missing = answer(400, {"course_id": ['Invalid pk "999999999".']})
    like_missing = answer(400, {"course_id": ['Invalid pk "1007".']})

    def kinds(answer: Answer, **more: Any) -> list[Kind]:
        return kinds_of(contract, world, cell, answer, control=missing, requested=requested, **more)

    assert kinds(like_missing) == []
    assert kinds(answer(400, {"course_id": ["Not published."]})) == [Kind.LEAK]
    assert kinds(answer(201, {"id": 1})) == [Kind.FORM]
    assert kinds(like_missing, added=({"id": 1},)) == [Kind.EFFECT]


def test_numbers_of_its_own_tell_no_hidden_id(contract: Contract, world: World) -> None:
    """A number or a time that each refusal carries tells nothing; a sentence of its own does, and so does another key."""
    cell, requested = "courses.retrieve/course-draft/guest", (("draft-course",), ("never-was",))
    missing, again = (answer(404, {"detail": "Not found.", "number": number}) for number in ("a-1", "a-3"))

    def kinds(body: dict[str, Any]) -> list[Kind]:
        more: dict[str, Any] = {"control_again": lambda: again, "requested": requested}
        return kinds_of(contract, world, cell, answer(404, body), control=missing, **more)

    assert kinds({"detail": "Not found.", "number": "a-2"}) == []
    assert kinds({"detail": "Not published.", "number": "a-2"}) == [Kind.LEAK]
    assert kinds({"detail": "Not found.", "number": "a draft of owner"}) == [Kind.LEAK]
    assert kinds({"detail": "Not found.", "number": None}) == [Kind.LEAK]
    assert kinds({"detail": "Not found.", "number": "a-2", "is_draft": True}) == [Kind.LEAK]


def test_another_status_is_told_without_asking_again() -> None:
    """No number that a refusal carries explains another status: the control is asked again for words only."""

    def again() -> Answer:
        raise AssertionError("asked again")

    assert difference(answer(403, {}), answer(404, {}), ("", ""), again) == "403 instead of 404"
    assert difference(answer(404, {}), answer(404, {}), ("", ""), again) == ""


def test_denied_is_403_for_want_of_permission(contract: Contract, world: World) -> None:
    """A denied write is 403 with a reason, not a 400, a CSRF refusal or an empty body, and changes nothing."""
    cell = "courses.partial_update/course-open/peer"

    assert kinds_of(contract, world, cell, answer(403, {"detail": "no"})) == []
    assert kinds_of(contract, world, cell, answer(400, {"subtitle": ["no"]})) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(403, {"detail": "CSRF Failed"})) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(403)) == [Kind.FORM]
    changed = {"before": {"subtitle": "a"}, "after": {"subtitle": "b"}, "write_token": "zq"}
    assert kinds_of(contract, world, cell, answer(403, {"detail": "no"}), **changed) == [Kind.EFFECT]


def test_what_is_out_of_service_may_say_so(contract: Contract, world: World) -> None:
    """503 with a reason is a refusal where the operation announces it, as 402 is; elsewhere, or as a crash, it is an error."""
    buying, writing = "subscription.upgrade/self/registered", "courses.partial_update/course-open/peer"
    out = answer(503, {"detail": "not yet"})
    crash = replace(out, error=ServerError("KeyError", "x", "shop/views.py:3"))

    assert kinds_of(contract, world, buying, out) == []
    assert kinds_of(contract, world, buying, answer(402, {"detail": "not paid"})) == []
    assert kinds_of(contract, world, buying, answer(503)) == [Kind.FORM]
    assert kinds_of(contract, world, buying, answer(500, {"detail": "not yet"})) == [Kind.ERROR]
    assert kinds_of(contract, world, buying, crash) == [Kind.ERROR]
    assert kinds_of(contract, world, writing, out) == [Kind.ERROR]


def test_login_is_401_or_403_without_a_challenge(contract: Contract, world: World) -> None:
    """Without credentials a write is 401; 403 passes only where the backend has no challenge to offer."""
    cell = "courses.partial_update/course-open/guest"

    assert kinds_of(contract, world, cell, answer(401, {"detail": "no"})) == []
    assert kinds_of(contract, world, cell, answer(403, {"detail": "no"})) == []
    assert kinds_of(contract, world, cell, answer(403, {"detail": "no"}, {"WWW-Authenticate": "Bearer"})) == [
        Kind.FORM
    ]
    assert kinds_of(contract, world, cell, answer(302, None, {"Location": "/login/"})) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(404, {"detail": "no"})) == [Kind.FORM]


def test_invalid_names_the_errors(contract: Contract, world: World) -> None:
    """A malformed change is 400 or 422 with errors, and nothing is stored."""
    cell = "courses.partial_update/course-open-with-invalid/owner"

    assert kinds_of(contract, world, cell, answer(400, {"title": ["too short"]})) == []
    assert kinds_of(contract, world, cell, answer(400, {})) == [Kind.FORM]
    assert kinds_of(contract, world, cell, answer(200, {"id": 1})) == [Kind.FORM]


def test_refusal_leaves_every_table_as_it_was(contract: Contract, world: World) -> None:
    """What a refused request wrote elsewhere is told, unless it was undone or only counts attempts."""
    cell = "courses.partial_update/course-open/peer"
    wrote = replace(
        answer(403, {"detail": "no"}),
        writes=frozenset({"courses.Module.title", "users.CustomUser.failed_login_attempts"}),
    )

    assert kinds_of(contract, world, cell, wrote) == []
    assert kinds_of(contract, world, cell, wrote, touched=frozenset({"users.CustomUser"})) == []
    assert kinds_of(contract, world, cell, wrote, touched=frozenset({"courses.Module"})) == [Kind.EFFECT]
