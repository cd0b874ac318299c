"""The instructor area's rows: who reads and writes drafts, modules and lessons (policies 3, 7, VIEW-03)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.models import Lesson, Module

from .world import EVERYBODY, LONG_TEXT, World, make_course, make_lesson

ClientOf = Callable[[str], APIClient]
NEW_COURSE = {"title": "A course of one's own", "description": LONG_TEXT}
CSRF_TOKEN = "a" * 32
LISTS = ("draft-courses", "draft-modules", "draft-lessons", "draft-content", "modules")
TEAM = ("owner", "assistant", "staff")
TEACHERS = (*TEAM, "peer")
NEW_LESSON = {
    "title": "A new lesson",
    "content": "<p>Enough text for a lesson.</p>",
    "guest_content": "<p>For guests.</p>",
    "registered_content": "<p>For the registered.</p>",
    "access_level": "premium",
    "type": "reading",
    "duration_minutes": 12,
    "video_url": "https://youtu.be/abcdefghijk",
    "transcript": "What is said",
    "is_free_preview": True,
}


def area(path: str) -> str:
    return f"/api/instructor/{path}/"


def rows_of(world: World) -> dict[str, str]:
    """One draft of each kind, by its path."""
    return {
        "draft-courses": area(f"draft-courses/{world.draft.slug}"),
        "draft-modules": area(f"draft-modules/{world.hidden_module.pk}"),
        "modules": area(f"modules/{world.module.pk}"),
        "draft-lessons": area(f"draft-lessons/{world.lessons['hidden'].pk}"),
        "draft-content": area(f"draft-content/{world.lessons['premium'].pk}"),
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_lists_are_for_those_who_teach(who: str, name: str, world: World, client_of: ClientOf) -> None:
    """The area's lists are open to teachers and staff, and hold the rows of their own courses alone."""
    answer = client_of(who).get(area(name))

    assert answer.status_code == (200 if who in TEACHERS else 401 if who == "guest" else 403)
    if answer.status_code == 200:
        assert set(answer.data) == {"count", "next", "previous", "results", "metadata"}
    if who == "peer":
        # Their one course is an empty draft.
        assert answer.data["count"] == (1 if name == "draft-courses" else 0)


def test_draft_lists_hold_what_the_public_cannot_see(world: World, client_of: ClientOf) -> None:
    """Draft lists hold the rows of unpublished courses and modules, the others every row."""

    def titles(name: str) -> set[str]:
        return {row["title"] for row in client_of("owner").get(area(name)).data["results"]}

    assert titles("draft-courses") == {"Draft course"}
    assert titles("draft-modules") == {"Hidden module", "Draft module"}
    assert titles("modules") == {"First module", "Hidden module", "Draft module"}
    assert titles("draft-lessons") == {"Lesson hidden", "Lesson draft"}
    assert titles("draft-content") == {f"Lesson {name}" for name in world.lessons}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_team_reads_and_its_editors_write(who: str, name: str, world: World, client_of: ClientOf) -> None:
    """By id the team reads and editors write; to everybody else the row does not exist."""
    client, path = client_of(who), rows_of(world)[name]
    missing = area(f"{name}/no-such-course" if name == "draft-courses" else f"{name}/999999")

    outside = 401 if who == "guest" else 404
    read, write = client.get(path), client.patch(path, {"title": "A changed title"})
    assert read.status_code == (200 if who in TEAM else outside), read.content
    assert write.status_code == {"owner": 200, "staff": 200, "assistant": 403}.get(who, outside)
    if write.status_code == 200:
        assert write.data["title"] == "A changed title"
    if read.status_code == outside:
        assert read.content == client.get(missing).content
        assert write.content == client.patch(missing, {"title": "A changed title"}).content


@pytest.mark.parametrize("who", EVERYBODY)
def test_editors_delete_lessons_and_modules(who: str, world: World, client_of: ClientOf) -> None:
    """Editors delete lessons and modules, nobody else does."""
    expected = {"owner": 204, "staff": 204, "assistant": 403, "guest": 401}.get(who, 404)
    for name in ("draft-lessons", "draft-modules"):
        assert client_of(who).delete(rows_of(world)[name]).status_code == expected

    assert Lesson.objects.filter(pk=world.lessons["hidden"].pk).exists() is (expected != 204)
    assert Module.objects.filter(pk=world.hidden_module.pk).exists() is (expected != 204)


@pytest.mark.parametrize("who", EVERYBODY)
def test_courses_are_started_by_role_and_deleted_by_their_lead(
    who: str, world: World, client_of: ClientOf
) -> None:
    """Starting a draft asks for the role, deleting one for its lead or staff."""
    started = client_of(who).post(area("draft-courses"), NEW_COURSE)
    deleted = client_of(who).delete(rows_of(world)["draft-courses"])

    starts = 201 if who in ("owner", "peer", "staff") else 401 if who == "guest" else 403
    assert started.status_code == starts, started.content
    assert deleted.status_code == {"owner": 204, "staff": 204, "assistant": 403, "guest": 401}.get(who, 404)
    if starts == 201:
        assert started.data["is_published"] is False
        assert client_of(who).get(area(f"draft-courses/{started.data['slug']}")).status_code == 200


@pytest.mark.parametrize("who", TEACHERS)
def test_a_lesson_is_written_where_the_caller_may_edit(who: str, world: World, client_of: ClientOf) -> None:
    """A lesson goes into a module of a course the caller may edit; any other one is like a missing one."""
    client = client_of(who)
    answer = client.post(area("draft-lessons"), {**NEW_LESSON, "module_id": world.module.pk})
    missing = client.post(area("draft-lessons"), {**NEW_LESSON, "module_id": 999999})

    if who in ("owner", "staff"):
        assert answer.status_code == 201, answer.content
        assert NEW_LESSON.items() <= answer.data.items()
        assert answer.data["order"] == world.module.lessons.count()
        assert answer.data["module_id"] == world.module.pk
    else:
        assert answer.status_code == 400
        assert answer.content.replace(str(world.module.pk).encode(), b"999999", 1) == missing.content
    assert (missing.status_code, list(missing.data)) == (400, ["module_id"])


@pytest.mark.parametrize("who", TEACHERS)
def test_a_module_is_written_where_the_caller_may_edit(who: str, world: World, client_of: ClientOf) -> None:
    """The same for modules; they come after the others and unpublished unless the writer says otherwise."""
    payload = {"course_id": world.course.pk, "title": "A new module", "description": "<p>About it</p>"}
    answer = client_of(who).post(area("draft-modules"), payload)

    if who in ("owner", "staff"):
        assert answer.status_code == 201, answer.content
        assert (answer.data["order"], answer.data["is_published"]) == (3, False)
        assert answer.data["course"] == world.course.slug
    else:
        assert (answer.status_code, list(answer.data)) == (400, ["course_id"])


def test_a_published_draft_leaves_the_list_and_is_answered_once_more(
    world: World, client_of: ClientOf
) -> None:
    """Publishing a module answers with the module, which is no draft any more."""
    path = rows_of(world)["draft-modules"]
    answer = client_of("owner").patch(path, {"is_published": True})

    assert (answer.status_code, answer.data["is_published"]) == (200, True)
    assert client_of("owner").get(path).status_code == 404
    assert client_of("guest").get(f"/api/modules/{world.hidden_module.pk}/").status_code == 200
    world.hidden_module.refresh_from_db()
    assert world.hidden_module.published_date is not None


def test_a_row_never_leaves_its_course(world: World, client_of: ClientOf) -> None:
    """A lesson moves between the modules of its course, behind the last one; a module never moves."""
    client, lesson = client_of("owner"), world.lessons["hidden"]
    path = area(f"draft-content/{lesson.pk}")
    elsewhere = world.lessons["draft"].module

    moved = client.patch(path, {"module_id": world.module.pk})
    taken = client.patch(path, {"module_id": elsewhere.pk})
    module = client.patch(rows_of(world)["draft-modules"], {"course_id": world.draft.pk})

    assert (moved.status_code, moved.data["order"]) == (200, world.module.lessons.count())
    assert (taken.status_code, list(taken.data)) == (400, ["module_id"])
    assert (module.status_code, list(module.data)) == (400, ["course_id"])


def test_an_order_is_kept_and_a_taken_one_refused(world: World, client_of: ClientOf) -> None:
    """An explicit place is kept; a taken or impossible one is 400; one's own place is no collision."""
    client = client_of("owner")
    payload = {**NEW_LESSON, "module_id": world.hidden_module.pk}

    assert client.post(area("draft-lessons"), {**payload, "order": 7}).data["order"] == 7
    assert client.post(area("draft-lessons"), payload).data["order"] == 8
    for order in (7, -1, 2**31, "first"):
        answer = client.post(area("draft-lessons"), {**payload, "order": order})
        assert (answer.status_code, list(answer.data)) == (400, ["order"])
    path = rows_of(world)["draft-lessons"]
    assert client.patch(path, {"order": 1}).status_code == 200
    assert client.patch(path, {"order": 7}).status_code == 400
    assert client.put(path, NEW_LESSON).data["order"] == 1


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_however_long_they_are(name: str, world: World, client_of: ClientOf) -> None:
    """The area's lists use a constant number of queries."""

    client = client_of("owner")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(area(name)).status_code == 200
        return len(captured)

    before = queries()
    for number in range(4):
        module = Module.objects.create(course=world.draft, title="One more")
        make_lesson(module, f"more-{number}", access_level="premium")
        more = make_course("One more", world.category)
        more.courseinstructor_set.create(instructor=world.people["owner"], is_lead=True)
    assert queries() == before


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("method", ["patch", "delete"])
def test_sessions_need_a_csrf_token_and_bearers_do_not(
    method: str, name: str, world: World, client_of: ClientOf
) -> None:
    """A session writes with a CSRF token only, a bearer token writes without; a bad token is 401."""
    path, payload = rows_of(world)[name], {"title": "A changed title"}
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(world.people["owner"])
    browser.cookies["csrftoken"] = CSRF_TOKEN

    refused = getattr(browser, method)(path, payload)
    bad = getattr(APIClient(HTTP_AUTHORIZATION="Bearer nonsense"), method)(path, payload)
    allowed = getattr(browser, method)(path, payload, HTTP_X_CSRFTOKEN=CSRF_TOKEN)

    assert (refused.status_code, bad.status_code) == (403, 401)
    assert allowed.status_code == (204 if method == "delete" else 200), allowed.content
