"""Categories, courses and modules: drafts, hidden modules, inactive categories (policies 3, 11)."""

from typing import Any

import pytest

from courses.models import Category

from .world import EVERYBODY, INSIDERS, World, make_course


@pytest.mark.parametrize("who", EVERYBODY)
def test_drafts_are_listed_for_their_instructors_and_staff(who: str, world: World, get: Any) -> None:
    answer = get(who, "courses/")

    own = {"owner": {"Draft course"}, "assistant": {"Draft course"}, "peer": {"Elsewhere"}}
    own["staff"] = {"Draft course", "Elsewhere"}
    expected = {"Published <b>course</b>"} | own.get(who, set())
    assert {row["title"] for row in answer.data["results"]} == expected
    assert answer.data["count"] == len(expected)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_draft_is_missing_for_outsiders(who: str, world: World, get: Any) -> None:
    answer = get(who, f"courses/{world.draft.slug}/")

    if who in INSIDERS:
        assert answer.status_code == 200, answer.content
        assert answer.data["title"] == "Draft course"
    else:
        assert (answer.status_code, answer.content) == (404, get(who, "courses/no-such-course/").content)


@pytest.mark.parametrize("who", EVERYBODY)
def test_hidden_modules_are_missing_for_outsiders(who: str, world: World, get: Any) -> None:
    listed = {row["title"] for row in get(who, f"modules/?course={world.course.slug}").data["results"]}
    by_id = get(who, f"modules/{world.hidden_module.pk}/")

    assert listed == {"First module"} | ({"Hidden module"} if who in INSIDERS else set())
    assert by_id.status_code == (200 if who in INSIDERS else 404)


@pytest.mark.parametrize("who", EVERYBODY)
def test_inactive_categories_are_for_staff(who: str, world: World, get: Any) -> None:
    make_course("In the closed shelf", world.hidden_category, is_published=True)
    Category.objects.create(name="Child", parent=world.hidden_category)

    listed = {row["name"]: row for row in get(who, "categories/").data["results"]}
    by_slug = get(who, f"categories/{world.hidden_category.slug}/")
    by_filter = get(who, f"courses/?category={world.hidden_category.slug}").data["count"]
    by_id = get(who, f"courses/?category_id={world.hidden_category.pk}").data["count"]
    course = get(who, "courses/in-the-closed-shelf/").data

    assert ("Closed shelf" in listed) is (who == "staff")
    assert (listed["Child"]["parent"] is not None) is (who == "staff")
    assert by_slug.status_code == (200 if who == "staff" else 404)
    assert by_filter == by_id == (1 if who == "staff" else 0)
    assert course["title"] == "In the closed shelf"
    assert (course["category"] is not None) is (who == "staff")


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_category_counts_the_courses_the_caller_may_see(who: str, world: World, get: Any) -> None:
    answer = get(who, f"categories/{world.category.slug}/")

    assert answer.data["course_count"] == (2 if who in INSIDERS else 1)
    listed = get(who, f"courses/?category={world.category.slug}").data
    assert listed["count"] == answer.data["course_count"]
    assert listed["results"][0]["category"]["course_count"] == answer.data["course_count"]


def test_instructors_appear_as_id_and_display_name_only(world: World, get: Any) -> None:
    answer = get("guest", f"courses/{world.course.slug}/")

    owner, assistant = world.people["owner"], world.people["assistant"]
    assert answer.data["instructors"] == [
        {"id": owner.pk, "display_name": "owner"},
        {"id": assistant.pk, "display_name": "assistant"},
    ]
    assert "@example.org" not in answer.content.decode()


def test_versions_and_reviews_of_a_course_hide_drafts_and_addresses(world: World, get: Any) -> None:
    draft = world.course.clone_version(world.people["owner"])
    world.course.reviews.create(user=world.people["premium"], rating=5, content="A very good course indeed.")
    world.course.reviews.create(
        user=world.people["lapsed"], rating=1, content="Withdrawn words.", is_approved=False
    )

    for who, versions in (("guest", []), ("premium", []), ("owner", [draft.slug]), ("staff", [draft.slug])):
        data = get(who, f"courses/{world.course.slug}/").data
        assert [row["slug"] for row in data["version_info"]["children"]] == versions
        assert [row["user"] for row in data["recent_reviews"]] == [
            {"id": world.people["premium"].pk, "display_name": "premium"}
        ]
        assert ("moderation_notes" in data["recent_reviews"][0]) is (who == "staff")


@pytest.mark.parametrize("path", ["categories/", "courses/", "modules/", "lessons/"])
def test_a_bad_token_is_refused_not_ignored(path: str, world: World, get: Any) -> None:
    assert get("guest", path).status_code == 200
    assert get("guest", path, authorization="Bearer nonsense").status_code == 401


@pytest.mark.parametrize("path", ["categories/", "courses/", "modules/", "lessons/"])
def test_the_suffix_route_filters_like_the_plain_one(path: str, world: World, get: Any) -> None:
    plain, suffixed = get("guest", path), get("guest", path.rstrip("/") + ".json")

    assert suffixed.status_code == 200, suffixed.content
    assert suffixed.data["results"] == plain.data["results"]
