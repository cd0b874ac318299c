"""PATCH and PUT of a course: who may, the order of refusals, what is cleaned and what never changes."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from .world import EVERYBODY, LONG_TEXT, World, build_world, make_course

Client = Callable[[str], APIClient]
INVALID = {"title": "x", "price": "not a price"}
READ_ONLY = {
    "id": 1,
    "slug": "stolen-slug",
    "is_published": False,
    "is_draft": True,
    "is_featured": True,
    "published_date": "2001-01-01T00:00:00Z",
    "duration_minutes": 1,
    "creation_method": "ai",
    "completion_status": "archived",
    "completion_percentage": 99,
    "version": "9.9",
    "avg_rating": "5.00",
    "rating": 5,
    "total_reviews": 99,
    "enrolled_students_count": 99,
    "enrolled_students": 99,
    "view_count": 99,
    "parent_version": 1,
    "instructors": [],
}
NASTY = (
    '<p onclick="steal()">Words <b>that stay</b><script>steal()</script><a href="javascript:steal()">link</a>'
)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("method", ["patch", "put"])
def test_owner_and_staff_edit_and_everybody_else_is_refused(
    method: str, who: str, world: World, client_of: Client
) -> None:
    path = f"/api/courses/{world.course.slug}/"
    valid = getattr(client_of(who), method)(path, {"title": "A new title"})
    invalid = getattr(client_of(who), method)(path, INVALID)

    expected = {"owner": 200, "staff": 200, "guest": 401}.get(who, 403)
    world.course.refresh_from_db()
    assert valid.status_code == expected, valid.content
    assert (world.course.title == "A new title") is (expected == 200)
    # The order of refusal: what is wrong with the body is told only to those who may write.
    assert invalid.status_code == (400 if expected == 200 else expected)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_draft_refuses_outsiders_like_a_missing_course(who: str, world: World, client_of: Client) -> None:
    draft = client_of(who).patch(f"/api/courses/{world.draft.slug}/", {"title": "A new title"})
    missing = client_of(who).patch("/api/courses/no-such-course/", {"title": "A new title"})

    expected = {"owner": 200, "staff": 200, "assistant": 403, "guest": 401}.get(who, 404)
    assert draft.status_code == expected
    if expected in (401, 404):
        assert draft.content == missing.content


def test_read_only_fields_never_change(world: World, client_of: Client) -> None:
    client = client_of("owner")
    before = client.get(f"/api/courses/{world.course.slug}/").data

    answer = client.patch(f"/api/courses/{world.course.slug}/", {**READ_ONLY, "subtitle": "Changed"})

    assert answer.status_code == 200, answer.content
    assert answer.data["subtitle"] == "Changed"
    after = client.get(f"/api/courses/{world.course.slug}/").data
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"subtitle", "updated_date"}


def test_html_is_cleaned_and_plain_text_with_script_is_refused(world: World, client_of: Client) -> None:
    client, path = client_of("owner"), f"/api/courses/{world.course.slug}/"

    cleaned = client.patch(path, {"description": NASTY + LONG_TEXT, "target_audience": NASTY})
    title = client.patch(path, {"title": "<script>steal()</script>"})
    skills = client.patch(path, {"skills": ["fine", "<img src=x onerror=steal()>"]})
    surrogate = client.patch(path, '{"skills": ["\\ud800"]}', content_type="application/json")

    assert cleaned.status_code == 200, cleaned.content
    for name in ("description", "target_audience"):
        assert "<b>that stay</b>" in cleaned.data[name]
        assert not any(word in cleaned.data[name] for word in ("<script", "onclick", "javascript:"))
    assert (title.status_code, list(title.data)) == (400, ["title"])
    assert (skills.status_code, list(skills.data)) == (400, ["skills"])
    assert surrogate.status_code == 400


def test_a_description_that_is_nothing_once_cleaned_is_refused(world: World, client_of: Client) -> None:
    answer = client_of("owner").patch(
        f"/api/courses/{world.course.slug}/", {"description": f"<script>{'x' * 20}</script>"}
    )

    assert (answer.status_code, list(answer.data)) == (400, ["description"])


@pytest.mark.parametrize("payload", [{"discount_price": "49.99"}, {"price": "5.00"}])
def test_a_discount_stays_below_the_price(payload: Any, world: World, client_of: Client) -> None:
    world.course.discount_price = 10
    world.course.save()

    answer = client_of("owner").patch(f"/api/courses/{world.course.slug}/", payload)

    assert (answer.status_code, list(answer.data)) == (400, ["discount_price"])


def test_a_discount_of_the_middle_ages_is_refused(world: World, client_of: Client) -> None:
    payload = {"discount_ends": "1098-12-25T23:06:42Z"}

    answer = client_of("owner").patch(f"/api/courses/{world.course.slug}/", payload)

    assert (answer.status_code, list(answer.data)) == (400, ["discount_ends"])


def test_a_hidden_category_is_refused_like_a_missing_one(world: World, client_of: Client) -> None:
    path = f"/api/courses/{world.course.slug}/"
    hidden = client_of("owner").patch(path, {"category_id": world.hidden_category.pk})
    missing = client_of("owner").patch(path, {"category_id": 999999})
    staff = client_of("staff").patch(path, {"category_id": world.hidden_category.pk})

    assert hidden.status_code == missing.status_code == 400
    assert hidden.content.replace(str(world.hidden_category.pk).encode(), b"999999") == missing.content
    assert staff.data["category"]["id"] == world.hidden_category.pk


def test_the_answer_shows_the_course_as_it_is_now(world: World, client_of: Client) -> None:
    other = make_course("Other", is_published=True)
    answer = client_of("staff").patch(f"/api/courses/{other.slug}/", {"category_id": world.category.pk})

    assert answer.data["category"]["course_count"] == 3
    assert answer.data == {
        **client_of("staff").get("/api/courses/?search=Other").data["results"][0],
        "updated_date": answer.data["updated_date"],
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [("delete", "courses/"), ("post", "courses/x/"), ("post", "lessons/"), ("delete", "lessons/1/")],
)
def test_what_nobody_may_do_here_is_refused(method: str, path: str, client_of: Client) -> None:
    assert getattr(client_of("guest"), method)(f"/api/{path}").status_code == 401
    assert getattr(client_of("staff"), method)(f"/api/{path}").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_options_tell_outsiders_nothing_and_need_no_transaction(make_user: Any, sign_in: Any) -> None:
    world = build_world(make_user)
    for who in ("registered", "peer", "owner"):
        client = sign_in(world.people[who])
        draft = client.options(f"/api/courses/{world.draft.slug}/")
        missing = client.options("/api/courses/no-such-course/")
        assert draft.status_code == missing.status_code == 200
        assert ("actions" in draft.data) is (who == "owner")
        assert who == "owner" or draft.content == missing.content
