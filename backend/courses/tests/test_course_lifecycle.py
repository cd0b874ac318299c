"""Courses are started, published, cloned and deleted by those who may, completely or not at all."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APIClient

from courses import publishing
from courses.models import Course, Enrollment, Lesson, Module

from .world import EVERYBODY, LONG_TEXT, World, make_course, make_lesson

Client = Callable[[str], APIClient]
NEW = {"title": "A new course", "description": LONG_TEXT, "price": "10.00", "level": "beginner"}
OPERATIONS = [("put", "publish/"), ("put", "unpublish/"), ("post", "clone/"), ("delete", "")]


def ask(client: APIClient, method: str, course: Course | str, rest: str, body: Any = None) -> Any:
    slug = course if isinstance(course, str) else course.slug
    return getattr(client, method)(f"/api/courses/{slug}/{rest}", body or {})


@pytest.mark.parametrize("who", EVERYBODY)
def test_instructors_and_staff_start_drafts_that_they_lead(who: str, world: World, client_of: Client) -> None:
    body = {**NEW, "category_id": world.category.pk, "is_published": True, "slug": "mine"}
    answer = client_of(who).post("/api/courses/", body)
    invalid = client_of(who).post("/api/courses/", {"price": "-1", "level": "x"})

    expected = {"owner": 201, "peer": 201, "staff": 201, "guest": 401}.get(who, 403)
    assert answer.status_code == expected, answer.content
    assert invalid.status_code == (400 if expected == 201 else expected)
    assert Course.objects.filter(title=NEW["title"]).count() == (expected == 201)
    if expected == 201:
        course = Course.objects.get(slug="a-new-course")
        assert [(row.instructor.username, row.is_lead) for row in course.get_instructors()] == [(who, True)]
        assert (answer.data["id"], answer.data["is_published"], answer.data["is_draft"]) == (
            course.pk,
            False,
            True,
        )
        assert answer.data["instructors"][0]["id"] == world.people[who].pk
        assert set(invalid.data) == {"title", "price", "level"}


def test_equal_titles_get_slugs_of_their_own(world: World, client_of: Client) -> None:
    long = {**NEW, "title": "ﬃ" * 100}
    bodies = [NEW, NEW, NEW, long, long]
    slugs = [client_of("owner").post("/api/courses/", body).data["slug"] for body in bodies]

    assert slugs[:3] == ["a-new-course", "a-new-course-1", "a-new-course-2"]
    assert len(set(slugs)) == 5
    assert max(map(len, slugs)) <= 180


def test_a_course_never_takes_the_address_of_the_featured_list(world: World, client_of: Client) -> None:
    answer = client_of("owner").post("/api/courses/", {**NEW, "title": "Featured"})

    assert answer.data["slug"] == "featured-1"
    assert ask(client_of("owner"), "delete", "featured-1", "").status_code == 204


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("method", "rest"), OPERATIONS)
def test_on_a_published_course_editors_act_and_others_are_refused(
    method: str, rest: str, who: str, world: World, client_of: Client
) -> None:
    if rest == "publish/":
        Course.objects.filter(pk=world.course.pk).update(is_published=False)
    answer = ask(client_of(who), method, world.course, rest)

    done = {"clone/": 201, "": 204}.get(rest, 200)
    hidden = 404 if rest == "publish/" and who != "assistant" else 403
    expected = {"owner": done, "staff": done, "guest": 401}.get(who, hidden)
    assert answer.status_code == expected, answer.content
    assert Course.objects.filter(pk=world.course.pk).exists() is not (answer.status_code == 204)


@pytest.mark.parametrize("who", ["guest", "registered", "premium", "peer", "former"])
@pytest.mark.parametrize(("method", "rest"), [*OPERATIONS, ("get", "versions/"), ("get", "")])
def test_a_draft_is_a_missing_course_to_outsiders(
    method: str, rest: str, who: str, world: World, client_of: Client
) -> None:
    draft = ask(client_of(who), method, world.draft, rest)
    missing = ask(client_of(who), method, "no-such-course", rest)

    assert draft.status_code == (401 if who == "guest" and method != "get" else 404)
    assert (draft.status_code, draft.content) == (missing.status_code, missing.content)


def test_publishing_shows_the_course_at_once_and_unpublishing_hides_it(
    world: World, client_of: Client, get: Any
) -> None:
    published = ask(client_of("owner"), "put", world.draft, "publish/")

    assert published.status_code == 200, published.content
    assert (published.data["is_published"], published.data["is_draft"]) == (True, False)
    assert published.data["published_date"] is not None
    assert world.draft.slug in [row["slug"] for row in get("guest", "courses/").data["results"]]
    assert ask(client_of("owner"), "put", world.draft, "publish/").status_code == 409

    unpublished = ask(client_of("owner"), "put", world.draft, "unpublish/")

    assert unpublished.status_code == 200
    assert (unpublished.data["is_published"], unpublished.data["is_draft"]) == (False, True)
    assert world.draft.slug not in [row["slug"] for row in get("guest", "courses/").data["results"]]
    again = ask(client_of("owner"), "put", world.draft, "unpublish/")
    assert (again.status_code, list(again.data)) == (409, ["detail"])


def test_an_empty_course_is_not_published(world: World, client_of: Client) -> None:
    empty = make_course("Empty", is_published=False)
    hidden = Module.objects.create(course=empty, title="Hidden module")
    make_lesson(hidden, "unseen")

    answer = ask(client_of("staff"), "put", empty, "publish/")

    assert (answer.status_code, list(answer.data)) == (400, ["modules"])
    copy = ask(client_of("staff"), "post", empty, "clone/", {"draft": False})
    assert (copy.status_code, list(copy.data)) == (400, ["modules"])
    assert not Course.objects.filter(parent_version=empty).exists()
    Module.objects.filter(pk=hidden.pk).update(is_published=True)
    assert ask(client_of("staff"), "put", empty, "publish/").status_code == 200


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_a_clone_is_a_draft_led_by_whoever_made_it(who: str, world: World, client_of: Client) -> None:
    answer = ask(client_of(who), "post", world.course, "clone/", {"title": "Second edition"})

    copy = Course.objects.get(slug="second-edition")
    assert (answer.status_code, answer.data["id"], answer.data["version"]) == (201, copy.pk, "1.1")
    assert (copy.is_published, copy.parent_version) == (False, world.course)
    assert [(row.instructor.username, row.is_lead) for row in copy.get_instructors()] == [(who, True)]
    assert (answer.data["module_count"], answer.data["lesson_count"]) == (2, 7)
    shown = ask(client_of(who), "post", world.course, "clone/", {"draft": False})
    assert (shown.data["is_published"], shown.data["title"]) == (True, "Published <b>course</b> (Copy)")


@pytest.mark.parametrize("body", [{"title": "x"}, {"title": "<script>x</script>"}, {"draft": "maybe"}])
def test_a_clone_with_a_wrong_body_is_not_made(body: Any, world: World, client_of: Client) -> None:
    answer = ask(client_of("owner"), "post", world.course, "clone/", body)

    assert (answer.status_code, set(answer.data)) == (400, set(body))
    assert not Course.objects.filter(parent_version=world.course).exists()


def test_a_clone_asked_for_by_form_stays_a_draft(world: World, client_of: Client) -> None:
    answer = client_of("owner").post(
        f"/api/courses/{world.course.slug}/clone/", {"title": "By form"}, format="multipart"
    )

    assert (answer.status_code, answer.data["is_published"]) == (201, False)


def test_a_course_without_version_numbers_left_is_not_cloned(world: World, client_of: Client) -> None:
    Course.objects.filter(pk=world.course.pk).update(version=Decimal("999.9"))

    assert ask(client_of("owner"), "post", world.course, "clone/").status_code == 409


@pytest.mark.parametrize("status", ["active", "unenrolled"])
def test_a_course_with_any_enrolment_is_not_deleted(status: str, world: World, client_of: Client) -> None:
    Enrollment.objects.create(user=world.people["registered"], course=world.course, status=status)

    answer = ask(client_of("owner"), "delete", world.course, "")

    assert (answer.status_code, list(answer.data)) == (409, ["detail"])
    assert Lesson.objects.filter(module__course=world.course).count() == 7


def test_featured_courses_are_the_visible_ones(world: World, get: Any) -> None:
    Course.objects.filter(pk__in=[world.course.pk, world.draft.pk]).update(is_featured=True)
    make_course("Plain", is_published=True)

    answers = {who: get(who, "courses/featured/").data for who in ("guest", "peer", "owner", "staff")}

    slugs = {who: {row["slug"] for row in data["results"]} for who, data in answers.items()}
    assert slugs["guest"] == slugs["peer"] == {world.course.slug}
    assert slugs["owner"] == slugs["staff"] == {world.course.slug, world.draft.slug}
    assert answers["guest"]["count"] == 1
    assert answers["guest"]["metadata"]["user_access_level"] == "guest"


def test_versions_and_version_info_leave_hidden_drafts_out(world: World, get: Any) -> None:
    open_copy = world.course.clone("Open copy", world.people["peer"], draft=False)
    draft_copy = world.course.clone("Draft copy", world.people["owner"])

    for who, expected in (
        ("guest", [world.course, open_copy]),
        ("premium", [world.course, open_copy]),
        ("owner", [world.course, open_copy, draft_copy]),
        ("staff", [world.course, open_copy, draft_copy]),
    ):
        listed = get(who, f"courses/{world.course.slug}/versions/").data
        children = get(who, f"courses/{world.course.slug}/").data["version_info"]["children"]
        assert [row["id"] for row in listed["results"]] == [course.pk for course in expected]
        assert listed["count"] == len(expected)
        assert [row["id"] for row in children] == [course.pk for course in expected[1:]]
    Course.objects.filter(pk=world.course.pk).update(is_published=False)
    assert [row["id"] for row in get("guest", f"courses/{open_copy.slug}/versions/").data["results"]] == [
        open_copy.pk
    ]
    assert get("guest", f"courses/{open_copy.slug}/").data["version_info"]["parent"] is None


FAILURES = [
    ("post", "clone/", "courses.models.cloning._copy_outline"),
    ("put", "publish/", "courses.models.mixins.PublishableMixin.publish"),
    ("put", "unpublish/", "courses.models.mixins.PublishableMixin.unpublish"),
    ("delete", "", "courses.models.Course.delete"),
]


@pytest.mark.parametrize(("method", "rest", "broken"), FAILURES)
def test_a_failure_in_the_middle_leaves_no_trace(
    method: str, rest: str, broken: str, world: World, client_of: Client, monkeypatch: Any
) -> None:
    course = world.draft if rest == "publish/" else world.course
    client = client_of("owner")
    before = list(Course.objects.order_by("pk").values())

    def fail(*args: Any, **kwargs: Any) -> None:
        # Half of the work is done when it goes wrong.
        Course.objects.filter(pk=course.pk).update(subtitle="half done")
        raise RuntimeError

    monkeypatch.setattr(broken, fail)
    client.raise_request_exception = False
    answer = ask(client, method, course, rest)

    assert answer.status_code == 500
    assert list(Course.objects.order_by("pk").values()) == before


def test_a_course_whose_lead_cannot_be_stored_is_not_started(
    world: World, client_of: Client, monkeypatch: Any
) -> None:
    client, before = client_of("owner"), Course.objects.count()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("instructor_portal.models.CourseInstructor.save", fail)
    client.raise_request_exception = False

    assert client.post("/api/courses/", NEW).status_code == 500
    assert Course.objects.count() == before


@pytest.mark.parametrize(("method", "rest"), OPERATIONS)
def test_the_course_row_is_locked_first(method: str, rest: str, world: World, monkeypatch: Any) -> None:
    locked: list[Any] = []
    original = QuerySet.select_for_update

    def note(rows: Any, **options: Any) -> Any:
        locked.append((rows.model, connection.in_atomic_block))
        return original(rows, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", note)
    steps: dict[str, Callable[..., Any]] = {
        "publish/": lambda: publishing.publish_course(world.draft),
        "unpublish/": lambda: publishing.unpublish_course(world.course),
        "clone/": lambda: publishing.copy_course(world.course, world.people["owner"]),
        "": lambda: publishing.delete_course(world.course),
    }
    steps[rest]()

    assert locked[0] == (Course, True)


def test_featured_and_versions_take_a_constant_number_of_queries(world: World, client_of: Client) -> None:
    client = client_of("owner")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ["/api/courses/featured/", f"/api/courses/{world.course.slug}/versions/"]
    Course.objects.update(is_featured=True)
    few = [queries(path) for path in paths]
    for _ in range(3):
        world.course.clone_version(world.people["owner"], is_featured=True)

    assert [queries(path) for path in paths] == few


def test_a_thumbnail_must_be_an_image(world: World, client_of: Client) -> None:
    body = {**NEW, "thumbnail": SimpleUploadedFile("cover.png", b"no picture", "image/png")}
    answer = client_of("owner").post("/api/courses/", body, format="multipart")

    assert (answer.status_code, list(answer.data)) == (400, ["thumbnail"])


def test_a_thumbnail_is_shown_by_a_link_that_opens(
    world: World, client_of: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    picture = BytesIO()
    Image.new("RGB", (1, 1)).save(picture, "PNG")
    cover = SimpleUploadedFile("cover.png", picture.getvalue(), "image/png")
    path = f"/api/courses/{world.course.slug}/"
    assert client_of("owner").patch(path, {"thumbnail": cover}, format="multipart").status_code == 200

    link = client_of("guest").get(path).json()["thumbnail"]

    assert client_of("guest").get(link.partition("?")[0]).status_code == 404
    assert b"".join(client_of("guest").get(link)) == picture.getvalue()
