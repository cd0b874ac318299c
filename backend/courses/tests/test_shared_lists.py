"""Lists shared by everybody of a level: made once, dropped after a write, never mixed up (policies 1, 4)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from users.models import CustomUser

from courses.models import Category, Enrollment, Lesson, Progress

from .world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
SHARED = ("categories/", "courses/", "lessons/")


@pytest.fixture
def world(transactional_db: None, make_user: Callable[..., CustomUser]) -> World:
    """The catalogue, committed: nothing is shared inside a transaction."""
    return build_world(make_user)


def queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return len(captured)


def titles(answer: Any) -> set[str]:
    return {row["title"] for row in answer.data["results"]}


@pytest.mark.parametrize("path", SHARED)
def test_a_second_guest_is_answered_from_the_cache(path: str, world: World, get: Any) -> None:
    first = get("guest", path)

    assert queries(lambda: get("guest", path)) == 0
    second = get("guest", path)
    assert second.content == first.content
    assert {"Authorization", "Accept-Language"} <= set(second.headers["Vary"].split(", "))


def test_no_level_and_no_insider_is_answered_with_anothers_list(world: World, get: Any) -> None:
    order = ("premium", "guest", "owner", "registered", "staff", "lapsed", "assistant", "premium", "guest")
    counts = [get(who, "lessons/").data["count"] for who in order]

    assert counts == [5, 2, 8, 3, 8, 3, 7, 5, 2]


def test_languages_and_pages_are_kept_apart(world: World, get: Any) -> None:
    first = get("guest", "lessons/?page_size=1").data
    second = get("guest", "lessons/?page_size=1&page=2").data

    assert first["results"] != second["results"]
    assert get("guest", "lessons/?page_size=1").data == first


@pytest.mark.parametrize("write", ["save", "delete", "unpublish module", "unpublish course", "appoint"])
def test_a_write_drops_what_was_shared(write: str, world: World, get: Any) -> None:
    lesson = world.lessons["guest"]
    assert "Lesson guest" in titles(get("guest", "lessons/"))

    if write == "save":
        Lesson.objects.get(pk=lesson.pk).__class__.objects.get(pk=lesson.pk)
        lesson.access_level = "premium"
        lesson.save()
    elif write == "delete":
        lesson.delete()
    elif write == "unpublish module":
        world.module.unpublish()
    elif write == "unpublish course":
        world.course.unpublish()
    else:
        before = get("guest", "courses/").data
        world.people["peer"].courseinstructor_set.create(course=world.course)
        after = get("guest", "courses/").data
        assert len(after["results"][0]["instructors"]) == len(before["results"][0]["instructors"]) + 1
        return

    assert "Lesson guest" not in titles(get("guest", "lessons/"))


def test_an_edit_by_request_is_seen_by_the_next_request(world: World, client_of: Any, get: Any) -> None:
    get("guest", "courses/")
    client: APIClient = client_of("owner")
    assert client.patch(f"/api/courses/{world.course.slug}/", {"subtitle": "Fresh"}).status_code == 200

    assert get("guest", "courses/").data["results"][0]["subtitle"] == "Fresh"


def test_a_renamed_instructor_is_renamed_in_lists(world: World, get: Any) -> None:
    get("guest", "courses/")
    owner = world.people["owner"]
    owner.first_name, owner.last_name = "Ada", "Lovelace"
    owner.save()

    names = [person["display_name"] for person in get("guest", "courses/").data["results"][0]["instructors"]]
    assert "Ada Lovelace" in names


def test_ones_own_standing_is_ones_own(world: World, get: Any) -> None:
    lesson = world.lessons["guest"]
    enrollment = Enrollment.objects.create(user=world.people["registered"], course=world.course)
    progress = Progress.objects.get(enrollment=enrollment, lesson=lesson)
    progress.is_completed = True
    progress.save()

    for who, mine in (("registered", True), ("lapsed", False), ("guest", False), ("registered", True)):
        row = next(r for r in get(who, "lessons/").data["results"] if r["id"] == lesson.pk)
        course = get(who, "courses/").data["results"][0]
        assert row["is_completed"] is mine
        assert row["progress_percentage"] == (100 if mine else 0)
        assert course["is_enrolled"] is mine


def test_a_changed_level_counts_from_the_next_request(world: World, get: Any) -> None:
    assert get("premium", "lessons/").data["count"] == 5
    world.people["premium"].subscription.cancel_subscription()

    assert get("premium", "lessons/").data["count"] == 3


@pytest.mark.django_db(transaction=False)
def test_nothing_is_shared_inside_a_transaction(db: None) -> None:
    client = APIClient()
    assert client.get("/api/categories/").data["count"] == 0
    Category.objects.create(name="Uncommitted")

    assert client.get("/api/categories/").data["count"] == 1
