"""Reordering and changing many lessons at once: all or nothing (VIEW-02, GUARD-04, MOD-05)."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from courses.constants import MAX_BULK_OPERATIONS
from courses.models import Lesson, Module
from courses.throttling import SensitiveAPIThrottle
from courses.views.draft_content import (
    CoursePreviewView,
    CourseVersionControlView,
    DraftCourseContentViewSet,
    DraftCourseViewSet,
    DraftLessonViewSet,
    DraftModuleViewSet,
    ResourceManagementView,
)

from .world import EVERYBODY, World

ClientOf = Callable[[str], APIClient]
Send = Callable[..., Any]
REORDER, UPDATE = "reorder", "bulk-update"
NASTY = '<p onclick="steal()">Words that stay<script>steal()</script>'


@pytest.fixture
def send(client_of: ClientOf) -> Send:
    """PATCH reorder or POST bulk-update as a person by name."""

    def ask(name: str, operation: str, body: Any) -> Any:
        client = client_of(name)
        method = client.patch if operation == REORDER else client.post
        return method(f"/api/instructor/draft-content/{operation}/", body)

    return ask


def orders(module: Module) -> dict[str, int]:
    return dict(module.lessons.values_list("title", "order"))


def items_for(operation: str, *lessons: Lesson) -> list[dict[str, Any]]:
    change = {"order": 50} if operation == REORDER else {"title": "A changed title"}
    return [
        {"id": lesson.pk, **change, **({"order": 50 + place} if operation == REORDER else {})}
        for place, lesson in enumerate(lessons)
    ]


@pytest.mark.parametrize("operation", [REORDER, UPDATE])
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_editors_change_lessons(who: str, operation: str, world: World, send: Send) -> None:
    """Editors change many lessons at once; to other teachers they do not exist, others are no teachers."""
    lesson = world.lessons["guest"]
    items = items_for(operation, lesson)
    answer = send(who, operation, {"items": items})
    missing = send(who, operation, {"items": [{**items[0], "id": 999999}]})

    refused = {"guest": 401, "assistant": 404, "peer": 404}.get(who, 403)
    expected = 200 if who in ("owner", "staff") else refused
    before = (lesson.title, lesson.order)
    lesson.refresh_from_db()
    assert answer.status_code == expected, answer.content
    assert ((lesson.title, lesson.order) != before) is (expected == 200)
    assert missing.status_code == (404 if expected == 200 else expected)
    if expected == 200:
        assert (set(answer.data), answer.data["updated"]) == ({"detail", "updated"}, 1)
    elif expected == 404:
        assert answer.content == missing.content


@pytest.mark.parametrize("operation", [REORDER, UPDATE])
def test_one_foreign_lesson_spoils_them_all(operation: str, world: World, send: Send) -> None:
    """With one lesson among them that the caller may not edit, nothing is written."""
    elsewhere = Module.objects.create(course=world.people["peer"].courseinstructor_set.get().course)
    foreign = Lesson.objects.create(module=elsewhere, title="Foreign", content="Of somebody else")
    before = list(Lesson.objects.order_by("pk").values())

    answer = send("owner", operation, {"items": items_for(operation, world.lessons["guest"], foreign)})

    assert answer.status_code == 404
    assert list(Lesson.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("operation", [REORDER, UPDATE])
@pytest.mark.parametrize(
    "body", [{}, [], {"items": None}, {"items": []}, {"items": "all"}, {"items": [{}] * 101}]
)
def test_a_missing_or_endless_list_is_refused(body: Any, operation: str, world: World, send: Send) -> None:
    """Without a list of items, or with too many of them, the answer is 400 with `detail`."""
    assert MAX_BULK_OPERATIONS == 100
    answer = send("owner", operation, body)

    assert (answer.status_code, list(answer.data)) == (400, ["detail"])


@pytest.mark.parametrize("operation", [REORDER, UPDATE])
@pytest.mark.parametrize("item", ["one", {}, {"id": "x"}, {"id": -1}, {"id": 2**70}, {"id": None}])
def test_an_odd_item_is_refused_by_its_place(item: Any, operation: str, world: World, send: Send) -> None:
    """An item without a usable id is 400, with the errors at its place in the list."""
    answer = send("owner", operation, {"items": [*items_for(operation, world.lessons["guest"]), item]})

    assert answer.status_code == 400, answer.content
    assert answer.data["items"][0] == {}
    assert answer.data["items"][1]


def test_lessons_exchange_their_places(world: World, send: Send) -> None:
    """Lessons exchange places in one request, in several modules at once; the others stay."""
    first, second, hidden = (world.lessons[name] for name in ("guest", "registered", "hidden"))
    before = orders(world.module)

    answer = send(
        "owner",
        REORDER,
        {
            "items": [
                {"id": first.pk, "order": second.order},
                {"id": second.pk, "order": first.order},
                {"id": hidden.pk, "order": 9},
            ]
        },
    )

    assert (answer.status_code, answer.data["updated"]) == (200, 3), answer.content
    changed = {first.title: second.order, second.title: first.order}
    assert orders(world.module) == {**before, **changed}
    assert orders(world.hidden_module) == {hidden.title: 9}


@pytest.mark.parametrize("operation", [REORDER, UPDATE])
def test_a_place_is_given_once(operation: str, world: World, send: Send) -> None:
    """Two lessons for one place, a taken place, an impossible place and a repeated id are 400."""
    first, second, third = (world.lessons[name] for name in ("guest", "registered", "premium"))
    before = orders(world.module)
    attempts = (
        [{"id": first.pk, "order": 50}, {"id": second.pk, "order": 50}],
        [{"id": first.pk, "order": third.order}],
        [{"id": first.pk, "order": 50}, {"id": first.pk, "order": 51}],
        [{"id": first.pk, "order": -1}],
        [{"id": first.pk, "order": 2**31}],
    )
    for items in attempts:
        answer = send("owner", operation, {"items": items})
        assert (answer.status_code, list(answer.data)) == (400, ["items"])
    assert orders(world.module) == before


@pytest.mark.django_db(transaction=True)  # nothing is cached inside a transaction
def test_a_list_shows_the_new_order_at_once(world: World, send: Send, client_of: ClientOf) -> None:
    """The places that lists show are those written last, although reordering sends no signals."""
    lesson = world.lessons["guest"]

    def place() -> int:
        rows = client_of("guest").get("/api/lessons/?search=guest").data["results"]
        return int(rows[0]["order"])

    assert place() == 1
    send("owner", REORDER, {"items": [{"id": lesson.pk, "order": 77}]})
    assert place() == 77


def test_many_lessons_change_their_fields(world: World, send: Send) -> None:
    """Each item changes the fields it names, cleaned as by itself; lessons exchange places meanwhile."""
    first, second = world.lessons["guest"], world.lessons["registered"]
    answer = send(
        "owner",
        UPDATE,
        {
            "items": [
                {"id": first.pk, "content": NASTY, "order": second.order},
                {"id": second.pk, "access_level": "premium", "order": first.order},
            ]
        },
    )

    assert (answer.status_code, answer.data["updated"]) == (200, 2), answer.content
    places = (second.order, first.order)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.order, second.order, second.access_level) == (*places, "premium")
    assert first.content == "<p>Words that staysteal()</p>"
    assert first.transcript == "transcript-of-guest"


@pytest.mark.parametrize("wrong", [{"title": "x"}, {"duration_minutes": -1}, {"module_id": 999999}])
def test_one_wrong_field_spoils_them_all(wrong: Any, world: World, send: Send) -> None:
    """An item with a wrong field is 400 at its place in the list, and nothing is written."""
    first, second = world.lessons["guest"], world.lessons["registered"]
    before = list(Lesson.objects.order_by("pk").values())

    answer = send("owner", UPDATE, {"items": [{"id": first.pk, "title": "Fine"}, {"id": second.pk, **wrong}]})

    assert answer.status_code == 400
    assert [list(errors) for errors in answer.data["items"]] == [[], list(wrong)]
    assert list(Lesson.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("operation", [REORDER, UPDATE])
def test_a_failure_in_the_middle_leaves_no_trace(
    operation: str, world: World, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the database fails after the first write, nothing of the request stays (GUARD-04)."""
    client, writes = client_of("owner"), []
    client.raise_request_exception = False
    name = "save" if operation == UPDATE else "bulk_update"
    target: Any = Lesson if operation == UPDATE else type(Lesson.objects.all())
    genuine = getattr(target, name)

    def fail_the_second_time(*args: Any, **kwargs: Any) -> Any:
        writes.append(name)
        if len(writes) == 2:
            raise OSError("the disk is full")
        return genuine(*args, **kwargs)

    monkeypatch.setattr(target, name, fail_the_second_time)
    before = list(Lesson.objects.order_by("pk").values())
    method = client.patch if operation == REORDER else client.post
    items = items_for(operation, world.lessons["guest"], world.lessons["registered"])
    answer = method(f"/api/instructor/draft-content/{operation}/", {"items": items})

    assert (answer.status_code, len(writes)) == (500, 2)
    assert list(Lesson.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "path", ["draft-content/reorder/", "draft-content/bulk-update/", "draft-lessons/", "resources/1/"]
)
def test_the_small_budget_counts(path: str, world: World, client_of: ClientOf, settings: Any) -> None:
    """Beyond the rate of scope sensitive_api the answer is 429 with Retry-After (VIEW-02)."""
    settings.SENSITIVE_API_THROTTLE_RATE = "2/hour"
    client = client_of("owner")
    method = {"draft-content/reorder/": client.patch, "resources/1/": client.delete}.get(path, client.post)

    codes = [method(f"/api/instructor/{path}", {}) for _ in range(3)]

    assert [answer.status_code == 429 for answer in codes] == [False, False, True]
    assert int(codes[2].headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "view",
    [
        DraftCourseViewSet,
        DraftModuleViewSet,
        DraftLessonViewSet,
        DraftCourseContentViewSet,
        ResourceManagementView,
        CoursePreviewView,
        CourseVersionControlView,
    ],
)
def test_every_view_of_the_area_has_the_small_budget(view: Any) -> None:
    """Every view of content in the making is throttled with scope sensitive_api."""
    scopes = [type(throttle) for throttle in view().get_throttles()]
    assert SensitiveAPIThrottle in scopes
    assert len(scopes) == 3
