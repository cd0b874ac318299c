"""Search and featured content: ranked, in pages, as far as the caller may see (UX-01 to UX-03, GUARD-03)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.models import Category, Course, Enrollment

from .test_lists import ODD
from .world import EVERYBODY, INSIDERS, LONG_TEXT, World, build_world, make_course


def found(answer: Any, kind: str = "courses", key: str = "title") -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row[key] for row in answer.data["results"][kind]]


def test_a_title_counts_more_than_a_description_and_that_more_than_a_subtitle(world: World, get: Any) -> None:
    make_course("Third", is_published=True, subtitle="About zebras")
    Course.objects.create(title="Second", is_published=True, description=LONG_TEXT + "Zebras")
    make_course("Zebras one", is_published=True)
    make_course("A zebras one", is_published=True)
    expected = ["A zebras one", "Zebras one", "Second", "Third"]

    assert found(get("guest", "search/?q=ZEBRAS")) == expected
    assert found(get("guest", "search/?q=zebras&type=courses")) == expected
    assert [row["title"] for row in get("guest", "courses/?search=zebras").data["results"]] == expected


@pytest.mark.parametrize("who", EVERYBODY)
def test_search_finds_what_the_caller_may_see_and_counts_nothing_else(
    who: str, world: World, get: Any
) -> None:
    courses = {"Published <b>course</b>"} | ({"Draft course"} if who in INSIDERS else set())
    shelves = {"Open shelf"} | ({"Closed shelf"} if who == "staff" else set())
    by_course, by_shelf = get(who, "search/?q=course"), get(who, "search/?q=shelf")

    assert (set(found(by_course)), by_course.data["total_results"]) == (courses, len(courses))
    assert (set(found(by_shelf, "categories", "name")), by_shelf.data["total_results"]) == (
        shelves,
        len(shelves),
    )
    level = {"guest": "guest"}.get(who, "registered")
    if who in ("premium", "owner", "peer", "staff"):
        level = "premium"
    assert by_course.data["metadata"]["user_access_level"] == level


def test_search_comes_in_pages_that_are_alike_for_all_types(world: World, get: Any) -> None:
    for number in range(12):
        make_course(f"Needle {number:02}", is_published=True)
    for number in range(3):
        Category.objects.create(name=f"Needle {number}")

    first = get("guest", "search/?q=needle").data
    assert [len(rows) for rows in first["results"].values()] == [10, 3]
    assert (first["total_results"], first["previous"]) == (15, None)
    second = get("guest", first["next"].removeprefix("http://testserver/api/")).data
    assert [len(rows) for rows in second["results"].values()] == [2, 0]
    assert second["next"] is None
    assert get("guest", "search/?q=needle&page=3").status_code == 404

    for kind, expected in (("courses", [2, 0]), ("categories", [0, 2]), ("all", [2, 2])):
        answer = get("guest", f"search/?q=needle&type={kind}&limit=2").data
        assert [len(rows) for rows in answer["results"].values()] == expected
        assert answer["search_type"] == kind
    assert found(get("guest", "search/?q=needle&limit=1&page=12")) == ["Needle 11"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=x", "?q=%20%20x%20", "?q=course&type=users"])
def test_a_search_without_a_term_or_of_an_unknown_type_is_refused(query: str, world: World, get: Any) -> None:
    answer = get("guest", f"search/{query}")

    assert (answer.status_code, list(answer.data)) == (400, ["error"])


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("parameter", ["q", "type", "limit", "page"])
def test_an_odd_parameter_breaks_nothing_and_shows_nothing_more(
    parameter: str, value: str, world: World, client_of: Callable[[str], APIClient]
) -> None:
    for _ in range(11):
        make_course("One more course", is_published=True)
    answer = client_of("guest").get(
        f"/api/search/?{'' if parameter == 'q' else 'q=course&'}{parameter}={value}".format(parameter)
    )

    assert answer.status_code in (200, 400, 404)
    if answer.status_code == 200:
        assert len(answer.data["results"]["courses"]) <= (50 if value == "9" * 30 else 10)


@pytest.mark.parametrize("path", ["search/?q=course&type=courses", "featured/"])
def test_more_courses_take_no_more_queries(path: str, world: World, get: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert get("guest", path).status_code == 200
        return len(captured)

    Course.objects.update(is_featured=True)
    few = queries()
    for _ in range(4):
        course = make_course("One more course", world.category, is_published=True, is_featured=True)
        course.courseinstructor_set.create(instructor=world.people["peer"])
    assert queries() == few


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_shop_window_shows_what_is_featured_and_visible(who: str, world: World, get: Any) -> None:
    Course.objects.filter(pk__in=(world.course.pk, world.draft.pk)).update(is_featured=True)
    Category.objects.update(featured=True)
    make_course("Not featured", is_published=True)

    data = get(who, "featured/").data
    courses = (["Draft course"] if who in INSIDERS else []) + ["Published <b>course</b>"]
    assert list(data) == ["courses", "categories", "metadata"]
    assert [row["title"] for row in data["courses"]] == courses
    assert [row["name"] for row in data["categories"]] == (
        ["Closed shelf", "Open shelf"] if who == "staff" else ["Open shelf"]
    )
    assert data["categories"][-1]["course_count"] == (2 if who in INSIDERS else 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["search/?q=course", "featured/"])
def test_shared_answers_stay_within_a_level_and_end_with_a_write(
    path: str, transactional_db: None, make_user: Callable[..., Any], sign_in: Callable[..., APIClient]
) -> None:
    world = build_world(make_user)
    world.course.is_featured = world.draft.is_featured = True
    world.course.save()
    world.draft.save()
    Enrollment.objects.create(user=world.people["registered"], course=world.course)
    clients = {name: sign_in(world.people[name]) for name in ("owner", "lapsed", "registered", "premium")}
    clients["guest"] = APIClient()

    def courses(who: str) -> list[Any]:
        data = clients[who].get(f"/api/{path}").data
        return list(data["courses"] if "courses" in data else data["results"]["courses"])

    for who, count in (("owner", 2), ("guest", 1), ("registered", 1), ("lapsed", 1), ("owner", 2)):
        rows = courses(who)
        assert len(rows) == count
        assert rows[-1]["is_enrolled"] is (who == "registered")
    for who, count in (("premium", 5), ("lapsed", 3), ("guest", 2)):
        assert courses(who)[0]["lesson_count"] == count

    courses("guest")
    with CaptureQueriesContext(connection) as captured:
        courses("guest")
    assert len(captured) == 0
    world.draft.publish()
    assert len(courses("guest")) == 2
