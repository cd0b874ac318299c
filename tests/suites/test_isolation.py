"""What tells two worlds apart, and what may be done to one behind somebody's back."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Answer, Request
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.suites.isolation.changes import Change, Deed, chosen, crowds, hidden_changes, is_shown
from coursegate.suites.isolation.namings import NAMINGS
from coursegate.suites.isolation.seeing import Sight, differences, lasting_differences
from coursegate.suites.isolation.worlds import Worlds

QUERY = ("SELECT lesson", 2)


def _sight(body: Any, *statements: tuple[str, int], status: int = 200, **headers: str) -> Sight:
    raw = json.dumps(body).encode()
    named = {name.replace("length", "content-length"): value for name, value in headers.items()}
    return Sight(Request("GET", "/"), Answer(status, {}, raw), body, named, statements)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def world(contract: Contract) -> World:
    """A world in which every object was built and every protected field holds its canary."""
    found = World(contract.world, "seed")
    for number, item in enumerate(contract.world.objects.values()):
        found.ids[item.name] = number
        found.planted[item.name] = {name: f"{item.name}.{name}" for name in item.clearance}
    return found


@pytest.mark.parametrize(
    ("other", "aspect"),
    [
        (_sight({"count": 1}, QUERY, status=404), "the status"),
        (_sight({"count": 2}, QUERY), "the body at $.count"),
        (_sight({"count": 1, "next": None}, QUERY), "the body at $.next"),
        (_sight({"count": True}, QUERY), "the body at $.count"),
        (_sight({"count": 1}, QUERY, vary="Cookie"), "the header vary"),
        (_sight({"count": 1}, QUERY, QUERY), "the number of queries"),
        (_sight({"count": 1}, ("SELECT course", 2)), "the shape of a query"),
        (_sight({"count": 1}, ("SELECT lesson", 27)), "the rows fetched"),
    ],
)
def test_every_aspect_is_seen(other: Sight, aspect: str) -> None:
    """Two answers that differ in one thing are told apart by it."""
    assert aspect in dict(differences(_sight({"count": 1}, QUERY), other, frozenset()))


def test_declared_flows_may_differ() -> None:
    """Keys that hidden rows may influence are left out, however deep they stand, and the length that follows from them."""
    one = _sight({"rows": [{"duration": 1}]}, length="9")
    other = _sight({"rows": [{"duration": 99}]}, length="10")

    assert list(differences(one, other, frozenset({"duration"}))) == []
    assert list(differences(one, other, frozenset())) != []


@pytest.mark.parametrize(
    ("sql", "may_differ"),
    [
        ('SELECT a FROM "lessons" INNER JOIN "modules" ON b', True),
        ('SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM "notes") x), a FROM "lessons"', True),
        ('SELECT (SELECT COUNT(*) FROM "lessons"), a FROM "notes"', False),
        ('SELECT a FROM "notes" INNER JOIN "lessons" ON b', False),
        ("SAVEPOINT lessons", False),
    ],
)
def test_what_is_counted_may_be_fetched(sql: str, may_differ: bool) -> None:
    """Of a table whose rows count any number may be fetched; not so of what is only joined with it or asked beside it."""
    one, other = _sight({}, (sql, 1)), _sight({}, (sql, 2))

    assert (not list(differences(one, other, frozenset(), frozenset({"lessons"})))) is may_differ


@pytest.mark.parametrize(
    ("hidden", "missing", "told"),
    [
        (["1", "2", "2", "2"], ["2", "2", "2", "2", "2"], []),  # between the first two a second had passed
        (["1", "1"], ["2", "3", "4", "5", "6"], []),  # it is another one each time
        (["1", "1"], ["2", "2", "2", "2", "2"], ["the header left"]),
    ],
)
def test_what_lasts_is_told(hidden: list[str], missing: list[str], told: list[str]) -> None:
    """Two answers differ by what is so each time they are asked for, not by a clock or a number of their own."""
    values = {True: iter(hidden), False: iter(missing)}

    def look(*, is_hidden: bool) -> Sight:
        return _sight({}, left=next(values[is_hidden]))

    looks = partial(look, is_hidden=True), partial(look, is_hidden=False)
    found = lasting_differences(looks, (looks[0](), looks[1]()))

    assert [aspect for aspect, _ in found] == told


def test_only_what_is_hidden_changes(world: World) -> None:
    """A guest's worlds differ in closed fields and in rows that do not exist for guests; staff's in next to nothing."""
    changes = {(change.deed, change.object): change for change in hidden_changes(world, "guest")}

    assert changes[Deed.EDIT, "lesson-premium"].fields == (
        "content",
        "video_url",
        "transcript",
        "registered_content",
    )
    assert changes[Deed.EDIT, "lesson-guest"].fields == ("registered_content",)
    assert (Deed.ADD, "course-draft") in changes
    assert (Deed.ADD, "lesson-premium") in changes
    assert (Deed.REMOVE, "resource-in-draft") in changes
    assert (Deed.ADD, "course-open") not in changes
    assert (Deed.ADD, "lesson-guest") not in changes
    assert (Deed.REMOVE, "course-draft") not in changes, "what hangs below it would go, too"
    assert {change.model for change in hidden_changes(world, "staff")} == {"users.UserSession"}


def test_a_crowd_is_hidden_where_it_stands(world: World) -> None:
    """So many hidden rows that a shelf, a course or a module with few of them has more than the next; none for staff."""
    added = {change.model: change for change in crowds(world, "registered")}

    assert added["courses.Lesson"].object == "lesson-premium", "others are hidden only by what they stand in"
    assert (added["courses.Lesson"].below, added["courses.Lesson"].amount) == ("module-of-peer", 11)
    assert added["courses.Module"].object == "module-unpublished"
    assert added["courses.Course"].below == "category-archive"
    assert {change.below for change in crowds(world, "peer")}.isdisjoint({"module-of-peer", "course-peer"})
    assert list(crowds(world, "staff")) == []


def test_what_an_operation_declassifies_is_not_hidden_there(contract: Contract) -> None:
    """A certificate may be verified by everybody, and lists of what is taught hold all of it."""
    certificate = Change(Deed.EDIT, "certificate-revoked", "courses.Certificate", ("revocation_reason",))
    lesson = Change(Deed.ADD, "lesson-unknown-level", "courses.Lesson")
    operations = contract.api.operations

    def shown(change: Change, operation: str, principal: str) -> bool:
        return is_shown(change, operations[operation], principal, contract.world, contract.declassified)

    assert shown(certificate, "certificates.verify", "guest")
    assert not shown(certificate, "certificates.list", "registered")
    assert shown(lesson, "draft-content.list", "assistant")
    assert not shown(lesson, "lessons.list", "assistant")


def test_choices_are_the_same_in_every_run(world: World) -> None:
    """Hypothesis draws the same sets of changes each time, and as many as were asked for."""
    changes = hidden_changes(world, "registered")

    assert chosen(changes, 5) == chosen(changes, 5)
    assert len(chosen(changes, 5)) == 5


def test_only_what_is_hidden_is_named(contract: Contract) -> None:
    """Whoever names an object may know nothing of it; another of its kind is there for them."""
    objects = contract.world.objects
    for naming in NAMINGS:
        assert objects[naming.hidden].model == objects[naming.open].model
        assert not objects[naming.hidden].exists & set(naming.by)
        assert objects[naming.open].opens >= set(naming.by)


def _worlds(contract: Contract, status: int) -> Worlds:
    """A guest's worlds of one list: it is answered with that status, in each of them alike."""
    bound: Any = SimpleNamespace(contract=contract)
    cell = contract.access.cells["lessons.list/lessons/guest"]
    seen = {"lessons.list": [_sight({"count": 1}, status=status)]}
    change = Change(Deed.EDIT, "lesson-premium", "courses.Lesson", ("content",))
    worlds = Worlds(bound, "guest", seen, [((change,), seen)], made={change})
    worlds.asked = {"lessons.list": [(cell, Request("GET", "/"))]}
    return worlds


def test_a_world_that_nobody_could_change_shows_nothing(contract: Contract) -> None:
    """Where the backend let nothing be changed, that its answers are the same is no pass."""
    operation, worlds = contract.api.operations["lessons.list"], _worlds(contract, 200)

    assert list(worlds.problems(operation)) == []
    worlds.made.clear()
    with pytest.raises(CannotAsk, match="none could be made"):
        list(worlds.problems(operation))


def test_the_same_refusal_in_every_world_shows_nothing(contract: Contract) -> None:
    """What must be answered and is not tells nothing of its worlds; an error of the server is one in each of them."""
    operation = contract.api.operations["lessons.list"]

    with pytest.raises(CannotAsk, match="broken before anything changes"):
        list(_worlds(contract, 404).problems(operation))
    assert [problem.kind for problem in _worlds(contract, 500).problems(operation)] == [Kind.ERROR]
