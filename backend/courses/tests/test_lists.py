"""Lists: filters, orders, search, pages, odd parameters, limits, number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.models import Category, Course, Module

from .world import EVERYBODY, World, make_course, make_lesson

LISTS = ("categories/", "courses/", "modules/", "lessons/")
ODD = [
    "",
    "x",
    "-1",
    "0",
    "9" * 30,
    "NaN",
    "Infinity",
    "1e400",
    "1,234.56",
    "٣",
    "ünïcödé",
    "true",
    "🦊",
    "1&{}=2",
]
PARAMETERS = [
    "page",
    "page_size",
    "course_id",
    "module",
    "module_id",
    "category_id",
    "is_featured",
    "has_certificate",
    "featured",
    "free_preview",
    "has_lab",
    "min_price",
    "max_price",
    "level",
    "type",
    "access_level",
    "ordering",
    "search",
    "category",
    "course",
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> APIClient:
    return APIClient()


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.data["results"]]


def test_prices_are_read_with_comma_or_point(guest: APIClient) -> None:
    for title, price in (("Cheap", "12.34"), ("Dearer", "12.35"), ("Dear", "100")):
        make_course(title, is_published=True, price=price)

    assert titles(guest.get("/api/courses/?max_price=12.34")) == ["Cheap"]
    assert titles(guest.get("/api/courses/?max_price=12,34")) == ["Cheap"]
    assert titles(guest.get("/api/courses/?max_price=12.349")) == ["Cheap"]
    assert titles(guest.get("/api/courses/?min_price=12.345&ordering=price")) == ["Dearer", "Dear"]
    assert titles(guest.get("/api/courses/?max_price=-5")) == []
    assert len(titles(guest.get(f"/api/courses/?max_price={'9' * 30}"))) == 3


def test_a_filter_that_makes_no_sense_is_named(guest: APIClient) -> None:
    for name, value in (
        ("max_price", "NaN"),
        ("min_price", "1,234.56"),
        ("category_id", "x"),
        ("is_featured", "2"),
    ):
        answer = guest.get(f"/api/courses/?{name}={value}")
        assert (answer.status_code, list(answer.data)) == (400, [name])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", PARAMETERS)
def test_odd_parameters_never_break_or_widen_a_list(
    name: str, path: str, world: World, guest: APIClient
) -> None:
    everything = {row["id"] for row in guest.get(f"/api/{path}").data["results"]}

    for value in ODD:
        answer = guest.get(f"/api/{path}?{name}={value.format(name)}")
        assert answer.status_code in (200, 400, 404), (value, answer.content)
        assert {row["id"] for row in answer.data.get("results", [])} <= everything
        guest.cookies.clear()


def test_a_search_ranks_title_before_description_before_subtitle(guest: APIClient) -> None:
    Course.objects.create(title="Third", subtitle="about knitting", is_published=True)
    Course.objects.create(title="Second", description="all about Knitting", is_published=True)
    Course.objects.create(title="Knitting", is_published=True)
    Course.objects.create(title="Unrelated", is_published=True)
    Course.objects.create(title="Knitting in secret")

    assert titles(guest.get("/api/courses/?search=knitting")) == ["Knitting", "Second", "Third"]
    assert titles(guest.get("/api/courses/?search=knitting&ordering=-title")) == [
        "Third",
        "Second",
        "Knitting",
    ]


def test_only_open_columns_order_a_list(guest: APIClient) -> None:
    for title, views in (("B", 1), ("A", 2), ("C", 3)):
        Course.objects.create(title=title, is_published=True, view_count=views)

    assert titles(guest.get("/api/courses/?ordering=title")) == ["A", "B", "C"]
    for closed in ("view_count", "-view_count", "courseinstructor__revenue_share_percentage", "is_published"):
        assert titles(guest.get(f"/api/courses/?ordering={closed}")) == titles(guest.get("/api/courses/"))


def test_pages_say_where_they_stand_and_for_which_level(world: World, get: Any) -> None:
    Category.objects.bulk_create(Category(name=f"C{n}", slug=f"c{n}") for n in range(120))
    levels = {"registered": "registered", "lapsed": "registered", "former": "registered"}

    for who in EVERYBODY:
        answer = get(who, "categories/?page=2&page_size=5").data
        assert set(answer) == {"count", "next", "previous", "results", "metadata"}
        assert answer["metadata"] == {
            "user_access_level": "guest"
            if who == "guest"
            else levels.get(who, "premium" if who != "assistant" else "registered"),
            "page_size": 5,
            "current_page": 2,
            "total_pages": -(-answer["count"] // 5),
        }
    assert len(get("guest", "categories/?page_size=1000").data["results"]) == 100
    assert len(get("guest", "categories/").data["results"]) == 20
    assert get("guest", "categories/?page=99").status_code == 404


@pytest.mark.parametrize("who", ["guest", "premium", "owner", "staff"])
@pytest.mark.parametrize("path", LISTS)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    path: str, who: str, world: World, get: Any
) -> None:
    get(who, path)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert get(who, f"{path}?page_size=100").status_code == 200
        return len(captured)

    few = queries()
    for n in range(4):
        course = make_course(f"More {n}", Category.objects.create(name=f"Shelf {n}"), is_published=True)
        module = Module.objects.create(course=course, title="More", is_published=True)
        for level in ("guest", "registered", "premium"):
            make_lesson(module, f"{level}-{n}", access_level=level)

    assert queries() == few


@pytest.mark.parametrize("path", [*LISTS, "courses/published-bcourseb/", "lessons/999/"])
def test_answers_differ_by_caller_and_language_and_say_so(path: str, world: World, get: Any) -> None:
    vary = {part.strip() for part in get("guest", path).headers["Vary"].split(",")}

    assert {"Authorization", "Accept-Language"} <= vary


@pytest.mark.parametrize(("who", "scope"), [("guest", "anon"), ("registered", "user")])
def test_beyond_the_rate_comes_429_with_the_time_to_wait(
    who: str, scope: str, world: World, get: Any, settings: Any
) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], scope: "3/hour"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}

    answers = [get(who, path) for path in LISTS]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
